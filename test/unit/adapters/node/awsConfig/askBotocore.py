"""What the AWS CLI's library makes of configuration files: from a JSON list of base64 texts, to a JSON list of results.

A result is `{"error": name}` where botocore refuses the file, else `{"sessions": {name: {key: value}}}`.
"""

import base64
import json
import os
import sys
import tempfile

from botocore.configloader import load_config
from botocore.exceptions import ConfigParseError


def read(content):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'config')
        with open(path, 'wb') as file:
            file.write(content)
        try:
            return {'sessions': load_config(path).get('sso_sessions', {})}
        except ConfigParseError as error:
            return {'error': type(error).__name__}


json.dump([read(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)
