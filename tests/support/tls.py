"""A certificate authority of a test, made with openssl, and the certificates that it signs."""
import ssl
import subprocess


class Authority:
    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "ca.pem"
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days",
                      "2", "-subj", "/CN=Test authority", "-addext", "basicConstraints=critical,CA:TRUE")

    def certificate(self, name, san, days="2", self_signed=False):
        """Makes NAME.pem and NAME.key; returns both paths."""
        (self.folder / f"{name}.cnf").write_text(f"subjectAltName={san}\n")
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj",
                      f"/CN={name}")
        signer = ("-signkey", f"{name}.key") if self_signed else ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", "-extfile", f"{name}.cnf", *signer,
                      "-days", days)
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def lock(self, name, password):
        """NAME.key with a password on it; returns its path."""
        self._openssl("pkey", "-in", f"{name}.key", "-aes256", "-passout", f"pass:{password}", "-out", f"{name}.locked.key")
        return self.folder / f"{name}.locked.key"

    def server(self, name, san="IP:127.0.0.1", wants_client=False, **options):
        """The side of a server; `wants_client`: who has no certificate of this authority is turned away."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate(name, san, **options))
        if wants_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.file)
        return context

    def _openssl(self, *arguments):
        subprocess.run(("openssl", *map(str, arguments)), cwd=self.folder, check=True, capture_output=True,
                       stdin=subprocess.DEVNULL)
