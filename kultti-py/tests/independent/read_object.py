"""What boto3 finds in a bucket: the size of an object, and whether it is the example release byte by byte, as JSON.

Run as ``python read_object.py BUCKET KEY``; endpoint and credentials come from the environment.
"""

import json
import sys
from pathlib import Path

import boto3

EXAMPLE = Path(__file__).resolve().parents[3] / "datasets" / "example.parquet"
bucket, key = sys.argv[1:]
content = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
json.dump({"bytes": len(content), "same": content == EXAMPLE.read_bytes()}, sys.stdout)
