"""An OData 4 service as SAP CAP was seen to behave: weak ETags, 428 without a condition and 412 with a wrong one, a PATCH
that keeps what it does not name, sets null where it says null, and makes a new version even where nothing changed."""
import re

from simulator import Refused, Simulator

PROPERTIES = ("status", "owner", "name", "parts", "note")
PAGE = 25


class OData(Simulator):
    def __init__(self):
        super().__init__()
        self.entities = {}  # id -> [properties, version]
        self.url = f"{self.root}/odata/Documents('{{id:odata}}')"

    def handle(self, ask):
        if ask.path == "/odata/Documents":
            return self._create(ask) if ask.method == "POST" else self._page(ask)
        match = re.fullmatch(r"/odata/Documents\('((?:[^']|'')*)'\)", ask.path)
        if match is None:
            raise Refused(404, "no such resource")
        key = match[1].replace("''", "'")
        if key not in self.entities:
            raise Refused(404, "Not Found")
        return {"GET": self._read, "PATCH": self._patch, "PUT": self._patch, "DELETE": self._delete}[ask.method](ask, key)

    def _etag(self, key):
        return f'W/"{self.entities[key][1]}"'

    def _entity(self, key):
        """Every property is there, null where it was never set."""
        properties = self.entities[key][0]
        return {"@odata.context": "$metadata#Documents/$entity", "@odata.etag": self._etag(key), "ID": key,
                **{name: properties.get(name) for name in PROPERTIES}}

    def _matches(self, header, key):
        """The weak form and the strong one are both taken, in a list too."""
        tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
        return "*" in tags or self._etag(key).removeprefix("W/") in tags

    def _check(self, ask, key):
        condition = ask.headers.get("If-Match")
        if ask.headers.get("If-None-Match") == "*":
            raise Refused(412, "Precondition Failed")
        if condition is None:
            raise Refused(428, "Precondition Required")
        if not self._matches(condition, key):
            raise Refused(412, "Precondition Failed")

    def _known(self, ask):
        for name in ask.json:
            if name not in (*PROPERTIES, "ID") and not name.startswith("@"):
                raise Refused(400, f'Property "{name}" does not exist')
        return {name: value for name, value in ask.json.items() if name in PROPERTIES}

    def _read(self, ask, key):
        known = ask.headers.get("If-None-Match")
        if known and self._matches(known, key):
            return 304, [], None  # without the ETag, as CAP
        return 200, [("ETag", self._etag(key)), ("OData-Version", "4.0")], self._entity(key)

    def _patch(self, ask, key):
        self._check(ask, key)
        self.entities[key][0].update(self._known(ask))
        self.entities[key][1] += 1
        headers = [("ETag", self._etag(key)), ("OData-Version", "4.0")]
        if "return=minimal" in ask.headers.get("Prefer", ""):
            return 204, headers, None
        return 200, headers, self._entity(key)

    def _delete(self, ask, key):
        self._check(ask, key)
        del self.entities[key]
        return 204, [], None

    def _create(self, ask):
        key = ask.json.get("ID")
        if not key:
            raise Refused(400, "ID is needed")
        if key in self.entities:
            raise Refused(400, "unique constraint violated")
        self.entities[key] = [self._known(ask), 1]
        return 201, [("ETag", self._etag(key))], self._entity(key)

    def _page(self, ask):
        skip = int(ask.query.get("$skiptoken", 0))
        keys = sorted(self.entities)
        found = {"@odata.context": "$metadata#Documents", "value": [self._entity(key) for key in keys[skip:skip + PAGE]]}
        if skip + PAGE < len(keys):
            found["@odata.nextLink"] = f"Documents?$skiptoken={skip + PAGE}"
        return 200, [], found
