"""A Kafka that lets nobody in without credentials, besides the listener of the tests themselves: TLS with certificates on
both sides, SASL PLAIN, SCRAM, and OAUTHBEARER with tokens that an OIDC endpoint signs."""
import base64
import json
import subprocess
import time

from confluent_kafka.admin import ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion

from guarded import Tokens
from kafka import JAVA, Kafka
from process import Process, free_port

USER, PASSWORD = "ifmatch", "broker-password"
AUDIENCE, ISSUER = "kafka-tests", "https://issuer.example"

LISTENERS = """\
listeners=PLAINTEXT://127.0.0.1:{plain},CONTROLLER://127.0.0.1:{controller},SASL://127.0.0.1:{sasl},MUTUAL://127.0.0.1:{mutual}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},SASL://127.0.0.1:{sasl},MUTUAL://127.0.0.1:{mutual}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_SSL,MUTUAL:SSL
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={authority}
listener.name.mutual.ssl.client.auth=required
listener.name.sasl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512,OAUTHBEARER
listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
listener.name.sasl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;
listener.name.sasl.oauthbearer.sasl.server.callback.handler.class=\
org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler
listener.name.sasl.oauthbearer.sasl.oauthbearer.jwks.endpoint.url=file://{keys}
listener.name.sasl.oauthbearer.sasl.oauthbearer.expected.audience={audience}
listener.name.sasl.oauthbearer.sasl.oauthbearer.expected.issuer={issuer}
"""


class SecuredKafka(Kafka):
    def __init__(self, folder, authority):
        super().__init__(folder)
        self.authority = authority
        self.sasl_port, self.mutual_port = free_port(), free_port()
        certificate, key = authority.certificate("broker", "IP:127.0.0.1")
        self._keystore = authority.folder / "broker.both.pem"
        self._keystore.write_text(key.read_text() + certificate.read_text())
        self.tokens = JsonWebTokens(key, authority.folder / "keys.json")

    def start(self):
        super().start()
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        upsertion = UserScramCredentialUpsertion(USER, info, PASSWORD.encode())
        self.admin.alter_user_scram_credentials([upsertion])[USER].result()
        return self

    def stop(self):
        super().stop()
        self.tokens.close()

    def start_node(self, node):
        options = f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=file://{self.tokens.keys}"
        self.processes[node] = Process(f"kafka-{node + 1}", (*JAVA, "kafka.Kafka", self._properties(node)), self.folder,
                                       {"JAVA_TOOL_OPTIONS": options})

    def _write_properties(self, node):
        super()._write_properties(node)
        with open(self._properties(node), "a") as out:  # of two lines for one property the last one stands
            out.write(LISTENERS.format(plain=self.ports[0], controller=self.controller_ports[0], sasl=self.sasl_port,
                                       mutual=self.mutual_port, keystore=self._keystore, authority=self.authority.file,
                                       user=USER, password=PASSWORD, keys=self.tokens.keys, audience=AUDIENCE,
                                       issuer=ISSUER))


class JsonWebTokens(Tokens):
    """A token endpoint whose tokens are signed with an RSA key (RS256); `keys` is the file of the public one (JWKS)."""

    def __init__(self, key, keys):
        super().__init__(client=USER, secret=PASSWORD)
        self.keys = keys
        self._key = key
        modulus = self._openssl("rsa", "-in", key, "-noout", "-modulus").decode().strip().split("=")[1]
        keys.write_text(json.dumps({"keys": [{"kty": "RSA", "kid": "tests", "use": "sig", "alg": "RS256", "e": "AQAB",
                                              "n": _base64(bytes.fromhex(modulus))}]}))

    def new_token(self):
        now = int(time.time())
        parts = ({"alg": "RS256", "typ": "JWT", "kid": "tests"},
                 {"sub": USER, "iss": ISSUER, "aud": AUDIENCE, "scope": "kafka", "iat": now, "exp": now + self.lifetime})
        text = ".".join(_base64(json.dumps(part).encode()) for part in parts)
        return f"{text}.{_base64(self._openssl('dgst', '-sha256', '-sign', self._key, input=text.encode()))}"

    @staticmethod
    def _openssl(*arguments, **options):
        return subprocess.run(("openssl", *map(str, arguments)), check=True, capture_output=True, **options).stdout


def _base64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
