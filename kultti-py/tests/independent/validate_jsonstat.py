"""What the package jsonstat-validator finds wrong in documents: a JSON list of texts in, a JSON list of findings out."""

import json
import sys
from pathlib import Path

from jsonstat_validator import JSONStatValidationError, validate_jsonstat

found = []
for number, document in enumerate(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))):
    try:
        validate_jsonstat(json.loads(document))
    except JSONStatValidationError as error:
        found.append(f"document {number}: {error}")
json.dump(found, sys.stdout)
