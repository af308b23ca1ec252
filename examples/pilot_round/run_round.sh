#!/bin/sh
# A whole round of a collection, from the recipe to a second release, in a folder of your own:
#
#     examples/pilot_round/run_round.sh DIR
#
# Wants `kultti` on the PATH (or KULTTI=/path/to/kultti) and Python 3 to make up the answers. Nothing but the folder is written.
# The municipalities and last year's net costs are real; all answers are made up (fill_in.py) and say nothing about anybody.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
kultti=${KULTTI:-kultti}
export KULTTI_LANG="${KULTTI_LANG:-en}" KULTTI_AUTHOR='coordinator@example.org'
unset KULTTI_RELEASE KULTTI_ROUND KULTTI_LEDGER KULTTI_FORMAT KULTTI_NOW
dir=${1:?give a folder, which is made}
mkdir "$dir"
cd "$dir"

say() { printf '\n## %s\n' "$*"; }
# A finding makes `check` and `approve` end with 1, which is an answer here; anything graver ends the script.
found() { "$@" || [ $? -eq 1 ]; }

say 'The coordinator makes the round, and a form for each of 48 municipalities'
"$kultti" round new "$here/round.toml" -o pilot-2020.round.json
"$kultti" form pilot-2020.round.json --all --format csv -o forms
"$kultti" form pilot-2020.round.json --area Kruunupyy --lang sv -o kruunupyy.xlsx

say 'The municipalities fill them in, 45 of them, some with mistakes'
python3 "$here/fill_in.py" forms filled

say 'One of them checks its form before sending it'
found "$kultti" check filled/pilot-2020-217-kannus.csv --format table

say 'They submit: most in time, one with a cell that is no number, two late'
for form in filled/*.csv; do
    case $form in
    *-599-* | *-231-* | *-893-*) ;;
    *) set -- "$@" "$form" ;;
    esac
done
shift
"$kultti" submit "$@" --author 'municipalities' --now 2021-04-20T12:00:00Z --format csv > submitted.csv
"$kultti" submit filled/pilot-2020-599-pedersoren-kunta.csv --author municipality && exit 1
"$kultti" submit filled/pilot-2020-231-kaskinen.csv filled/pilot-2020-893-uusikaarlepyy.csv --author 'municipalities' \
    --now 2021-05-03T12:00:00Z --format table

say 'How the round stands, and what is open'
"$kultti" status pilot-2020.round.json --as-of 2021-05-04 --format table
"$kultti" status pilot-2020.round.json --as-of 2021-05-04 --findings --format table

say 'What is without errors is approved; the others are asked'
found "$kultti" approve pilot-2020.round.json --now 2021-05-10T09:00:00Z --format table

say 'A first release: nothing is left out, and who may not be published is suppressed'
"$kultti" publish ledger -o pilot-2020.1.parquet --format table

say 'The answers come: five corrected forms; one finding is accepted as it is'
python3 "$here/fill_in.py" forms corrected --again
"$kultti" submit corrected/*.csv --author 'municipalities' --reason 'corrected after the questions of the coordinator' \
    --now 2021-06-01T12:00:00Z --format table
finding=$("$kultti" status pilot-2020.round.json --findings --format csv --as-of 2021-06-02 | grep ',905,' | head -1 | cut -d, -f"$("$kultti" status pilot-2020.round.json --findings --format csv --as-of 2021-06-02 | head -1 | tr ',' '\n' | grep -nx finding | cut -d: -f1)")
"$kultti" waive pilot-2020.round.json "$finding" --reason 'the orchestra moved to a new hall; confirmed by telephone' \
    --until 2022-12-31 --now 2021-06-02T09:00:00Z --format table
"$kultti" approve pilot-2020.round.json --now 2021-06-03T09:00:00Z --format table

say 'After publication a town finds that its visits were counted twice'
"$kultti" correct pilot-2020.round.json --area Kokkola --measure library.visits --value 140591 \
    --reason 'visits had been counted twice' --now 2021-09-01T09:00:00Z --format table
"$kultti" log pilot-2020.round.json Kokkola library.visits --format table

say 'The second release, and what changed and why'
"$kultti" publish ledger -o pilot-2020.2.parquet --format table
"$kultti" release diff pilot-2020.1.parquet pilot-2020.2.parquet --part cells,ranks --limit 5 --format table

say 'The first release again, from the same ledger: the same bytes'
"$kultti" publish ledger --as-of 2021-05-31 -o again.parquet --format table
cmp pilot-2020.1.parquet again.parquet && echo 'the same'

say 'From here on it is a release like any other'
"$kultti" compare culture.net_operating_cost_per_inhabitant --release pilot-2020.2.parquet --area Kokkola --period 2020 --format table
