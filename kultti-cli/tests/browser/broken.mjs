// The page of good.html, broken in one place for each check: what stood there and what stands there now.

const CSP = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`;
const MAIN = '<main id="content" tabindex="-1">';
const STYLE = "</style>";
const FOOT = "<footer>";

export const BROKEN = [
  { check: "requests nothing from elsewhere", why: "a picture of another host", edits: [[CSP, ""], [FOOT, '<img src="https://example.org/x.png" alt="x"><footer>']] },
  { check: "requests nothing from elsewhere", why: "a font of another host", edits: [[CSP, ""], [STYLE, '@font-face { font-family: f; src: url("https://example.org/f.woff2") } h1 { font-family: f }</style>']] },
  { check: "console stays silent", why: "a script that fails", edits: [[CSP, ""], [FOOT, "<script>nothing.there()</script><footer>"]] },
  { check: "console stays silent", why: "what the policy forbids", edits: [[FOOT, '<script>document.title = "x"</script><footer>']] },
  { check: "content security policy", why: "none", edits: [[CSP, ""]] },
  { check: "content security policy", why: "scripts of anywhere", edits: [["img-src data:", "script-src 'unsafe-inline' https:"]] },
  { check: "axe, light", why: "grey on white", edits: [[STYLE, "p { color: #aaa }</style>"]] },
  { check: "axe, dark", why: "black on black in the dark only", edits: [["--ground: #161616; --ink: #eee", "--ground: #161616; --ink: #333"]] },
  { check: "axe, 320 px", why: "a wrong contrast on phones only", edits: [[STYLE, "@media (max-width: 400px) { p { color: #bbb; background: #fff } }</style>"]] },
  { check: "reads without JavaScript", why: "a paragraph that a script writes", edits: [[CSP, ""], [FOOT, "<script>document.querySelector('main').append(Object.assign(document.createElement('p'), { textContent: 'Skrivet av ett skript' }))</script><footer>"]] },
  { check: "reads without JavaScript", why: "hidden until a script shows it", edits: [[CSP, ""], [STYLE, "main { display: none } .js main { display: block }</style>"], [FOOT, "<script>document.body.className = 'js'</script><footer>"]] },
  { check: "reflow at 320 px", why: "a width in pixels", edits: [[STYLE, "h1 { width: 30rem }</style>"]] },
  { check: "reflow at 320 px", why: "a table that scrolls where no key gets", edits: [[' role="region" aria-labelledby="figures" tabindex="0"', ""], ["<td>60,00</td>", `<td>${"6".repeat(80)}</td>`]] },
  { check: "reflow at 320 px", why: "a word of a chart beyond its picture", edits: [['<text x="80"', '<text x="260"']] },
  { check: "zoom 200 %", why: "what only stands beside each other", edits: [[STYLE, "main { min-width: 50rem }</style>"]] },
  { check: "text at 200 %", why: "a box of fixed height", edits: [[STYLE, "h1 { font-size: 1.5rem; overflow: hidden; height: 40px }</style>"]] },
  { check: "text spacing", why: "one line that is cut off", edits: [[STYLE, "p { white-space: nowrap; overflow: hidden; max-width: 100% }</style>"]] },
  { check: "text spacing at 320 px", why: "words that don't break", edits: [[STYLE, "h1 { white-space: nowrap; font-size: 1.5rem }</style>"]] },
  { check: "keyboard reaches everything", why: "an order of its own", edits: [['<a href="#figures">', '<a href="#figures" tabindex="2">']] },
  { check: "keyboard reaches everything", why: "no ring", edits: [[":focus-visible { outline: 3px", ":focus-visible { outline: 0"]] },
  { check: "keyboard reaches everything", why: "a ring that nobody sees", edits: [["outline: 3px solid var(--link)", "outline: 3px solid var(--ground)"]] },
  { check: "keyboard reaches everything", why: "a trap", edits: [[CSP, ""], [FOOT, "<script>document.querySelector('summary').addEventListener('keydown', (event) => event.preventDefault())</script><footer>"]] },
  { check: "skip link", why: "none", edits: [['<a class="skip" href="#content">Till innehållet</a>', ""]] },
  { check: "skip link", why: "never seen", edits: [[".skip:focus { left: 1rem }", ""]] },
  { check: "skip link", why: "its place is gone", edits: [[MAIN, "<main>"]] },
  { check: "headings", why: "a level left out", edits: [["<h2>Siffror</h2>", ""]] },
  { check: "headings", why: "two of the first level", edits: [["<h2>Siffror</h2>", "<h1>Siffror</h1>"]] },
  { check: "pictures have names", why: "no name", edits: [[' aria-labelledby="chart-title chart-desc"', ""], ['<title id="chart-title">Två kommuner</title>', ""]] },
  { check: "pictures have names", why: "an id that two have", edits: [["<h2>", '<h2 id="chart-title">']] },
  { check: "tables have captions and heads", why: "no caption", edits: [['<caption id="figures">Kostnader per invånare</caption>', ""]] },
  { check: "tables have captions and heads", why: "a head of nothing", edits: [['<th scope="row">Vasa</th>', "<th>Vasa</th>"]] },
  { check: "tables have captions and heads", why: "a row without head", edits: [['<th scope="row">Vasa</th>', "<td>Vasa</td>"]] },
  { check: "language is said", why: "another one", edits: [['<html lang="sv">', '<html lang="en">']] },
  { check: "language is said", why: "a sentence in another", edits: [['<p lang="fi">', "<p>"]] },
  { check: "language is said", why: "a name of a language", edits: [['<a href="page.fi.html" lang="fi"', '<a href="page.fi.html"']] },
  { check: "links on the page lead somewhere", why: "a place that is not there", edits: [['<a href="#figures">', '<a href="#table">']] },
  { check: "prints as a tagged PDF", why: "untagged", options: { tagged: false, outline: false }, edits: [] },
  { check: "prints as a tagged PDF", why: "no language", edits: [['<html lang="sv">', "<html>"]] },
  { check: "prints as a tagged PDF", why: "no heading", edits: [["<h1>Bibliotek i Karleby 2019</h1>", "<p>Bibliotek</p>"]] },
  { check: "prints as a tagged PDF", why: "a table of pictures of cells", edits: [["<table>", '<table role="presentation">']] },
];
