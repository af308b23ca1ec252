"""An S3 server on a free port of this machine, until its standard input ends.

Run as ``python serve_s3.py FILE [FILE…]``; writes one line of JSON: the endpoint, and three pairs of an access key and its secret.
The first may do everything, the second nothing; the third is unknown to the server. The bucket ``kultti`` holds each file
under its name, and beside it ``cut-NAME``, the first half of it, and ``empty-NAME``.

Requests are answered one after the other. S3 gives an object that must not exist yet to one of those who ask at once; moto
looks and writes in two steps, between which another of its threads could come.
"""

import json
import os
import sys
import threading
from pathlib import Path

import boto3
from moto import settings
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

ACCOUNT = "123456789012"
REGION = "eu-north-1"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Silent(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_request(self, *args: object) -> None:
        pass


def key(user: str, policy: dict[str, object] | None) -> list[str]:
    """A user's access key and its secret."""
    iam = iam_backends[ACCOUNT]["aws"]
    iam.create_user(REGION, user)
    if policy is not None:
        iam.put_user_policy(user, "all", json.dumps(policy))
    made = iam.create_access_key(user)
    return [made.access_key_id, made.secret_access_key]


one_at_a_time = threading.Lock()
moto = DomainDispatcherApplication(create_backend_app)


def application(environ: dict[str, object], start_response: object) -> list[bytes]:
    with one_at_a_time:
        return list(moto(environ, start_response))


server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Silent)
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint = f"http://127.0.0.1:{server.server_port}"
owner, stranger = key("owner", EVERYTHING), key("stranger", None)
s3 = boto3.client(
    "s3", endpoint_url=endpoint, region_name=REGION, aws_access_key_id=owner[0], aws_secret_access_key=owner[1]
)
s3.create_bucket(Bucket="kultti", CreateBucketConfiguration={"LocationConstraint": REGION})
for path in map(Path, sys.argv[1:]):
    content = path.read_bytes()
    s3.put_object(Bucket="kultti", Key=path.name, Body=content)
    s3.put_object(Bucket="kultti", Key=f"cut-{path.name}", Body=content[: len(content) // 2])
    s3.put_object(Bucket="kultti", Key=f"empty-{path.name}", Body=b"")
# From now on every request must be signed by somebody who may make it.
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
print(
    json.dumps(
        {
            "endpoint": endpoint,
            "owner": owner,
            "stranger": stranger,
            "unknown": ["AKIAUNKNOWNUNKNOWN00", "nobody-has-this-secret"],
        }
    ),
    flush=True,
)
sys.stdin.read()
os._exit(0)
