"""PTC Windchill's REST services, built from documentation and from what clients of it do (nobody here has one): no ETag,
no 409 and no 412 anywhere. What protects a document is its check-out.

A document is a master (Name, Number) with revisions (A, B, ...), each with iterations (A.1, A.2, ...). An id names one
iteration, so a check-in makes every id older. State belongs to a revision."""
import base64
import dataclasses
import itertools
import re

from simulator import Lost, Refused, Simulator

ROOT = "/Windchill/servlet/odata"
PAGE = 25
STATES = {"INWORK": ("In Work", "In Arbeit"), "UNDERREVIEW": ("Under Review", "In Prüfung"),
          "RELEASED": ("Released", "Freigegeben"), "CANCELLED": ("Canceled", "Storniert")}
TRANSITIONS = {"INWORK": ("UNDERREVIEW", "CANCELLED"), "UNDERREVIEW": ("INWORK", "RELEASED"), "RELEASED": (),
               "CANCELLED": ()}
ATTRIBUTES = ("Title", "Description", "Weight", "Supplier")  # of an iteration; the last two are soft
SECRET = "Supplier"  # not for everybody
IN, OUT, WORKING = ("CI", "Checked in"), ("CO", "Checked out"), ("WC", "Working copy")


@dataclasses.dataclass
class Iteration:
    number: int  # within its revision
    attributes: dict
    by: str
    note: str = ""
    key: int = 0


@dataclasses.dataclass
class Revision:
    letter: str
    state: str
    iterations: list
    working_copy: Iteration = None
    note: str = ""  # of the check-out


@dataclasses.dataclass
class Master:
    number: str
    name: str
    revisions: list


class Windchill(Simulator):
    """`users`: name -> password; `blind`: who may not see the supplier. `locked_status`: what a document checked out by
    somebody else answers, which no documentation tells. `after`: action -> [what to do instead of answering], taken once
    each: a number is a status, None cuts the connection; the action itself is done."""

    def __init__(self, users=None, blind=(), locked_status=400, needs_nonce=True):
        super().__init__()
        self.users = users or {"svc": "password", "ana": "password"}
        self.blind = blind
        self.locked_status = locked_status
        self.needs_nonce = needs_nonce
        self.masters = {}
        self.sessions = {}  # id -> (user, nonce)
        self.after = {}
        self.log = []  # (user, action, number, revision.iteration)
        self._keys = itertools.count(48796553)
        self._names = itertools.count(1)
        self.url = f"{self.root}{ROOT}/DocMgmt"

    # --- what happens without HTTP: set up, foreign writers, and what the test looks at ---

    def create(self, number, name="", state="INWORK", by="ana", **attributes):
        with self.lock:
            first = Iteration(1, self._known(attributes), by, key=next(self._keys))
            self.masters[number] = Master(number, name or number, [Revision("A", state, [first])])
        return self.id_of(number)

    def change(self, number, by="ana", **attributes):
        """A foreign write, from check-out to check-in. False: somebody else has it checked out."""
        with self.lock:
            revision = self.latest(number)
            if revision.working_copy is not None:
                return False
            last = revision.iterations[-1]
            revision.iterations.append(Iteration(last.number + 1, {**last.attributes, **self._known(attributes)}, by,
                                                 key=next(self._keys)))
            return True

    def check_out(self, number, by="ana", note=""):
        """A person takes it, and keeps it until undo()."""
        with self.lock:
            self._check_out(self.latest(number), by, note)

    def undo(self, number):
        with self.lock:
            self.latest(number).working_copy = None

    def revise(self, number, by="ana"):
        """A new revision, in work."""
        with self.lock:
            last = self.latest(number)
            copy = Iteration(1, dict(last.iterations[-1].attributes), by, key=next(self._keys))
            self.masters[number].revisions.append(Revision(chr(ord(last.letter) + 1), "INWORK", [copy]))

    def latest(self, number):
        return self.masters[number].revisions[-1]

    def attributes(self, number):
        return self.latest(number).iterations[-1].attributes

    def id_of(self, number):
        return oid(self.latest(number).iterations[-1])

    # --- HTTP ---

    def handle(self, ask):
        user = self._user(ask)
        session, cookies = self._session(ask, user)
        if ask.path == f"{ROOT}/PTC/GetCSRFToken()":
            return 200, cookies, {"@odata.context": f"{ROOT}/PTC/$metadata#CSRFToken", "NonceKey": "CSRF_NONCE",
                                  "NonceValue": self.sessions[session][1]}
        if self.needs_nonce and ask.method != "GET" and ask.headers.get("CSRF_NONCE") != self.sessions[session][1]:
            raise Refused(403, "CSRF nonce validation failed")
        status, value = self._documents(ask, user)
        return status, cookies, value

    def _user(self, ask):
        scheme, _, text = ask.headers.get("Authorization", "").partition(" ")
        user, _, password = base64.b64decode(text).decode().partition(":") if scheme == "Basic" else ("", "", "")
        if self.users.get(user) != password or not user:
            raise Refused(401, "who is it")
        return user

    def _session(self, ask, user):
        """The session of the cookie, or a new one: the nonce belongs to it."""
        match = re.search(r"JSESSIONID=([^;\s]+)", ask.headers.get("Cookie", ""))
        if match and self.sessions.get(match[1], (None,))[0] == user:
            return match[1], []
        session = f"S{next(self._names)}"
        self.sessions[session] = (user, f"nonce-of-{session}=")
        return session, [("Set-Cookie", f"JSESSIONID={session}; Path=/Windchill; HttpOnly")]

    def _documents(self, ask, user):
        path = ask.path.removeprefix(f"{ROOT}/DocMgmt/")
        if path == "Documents" and ask.method == "GET":
            return 200, self._page(ask, user)
        match = re.fullmatch(r"Documents\('(OR:wt\.doc\.WTDocument:\d+)'\)(?:/PTC\.DocMgmt\.(\w+)(\(\))?)?", path)
        if match is None:
            raise Refused(404, "no such resource")
        master, revision, iteration = self._find(match[1])
        if match[2] is None and ask.method == "GET":
            return 200, self._entity(ask, user, master, revision, iteration)
        action = match[2] or ask.method
        perform = {"IsCheckoutAllowed": self._is_check_out_allowed, "GetValidStateTransitions": self._transitions,
                   "PATCH": self._patch, "CheckOut": self._act_check_out, "CheckIn": self._check_in,
                   "UndoCheckOut": self._undo_check_out, "SetState": self._set_state,
                   "UpdateCommonProperties": self._update_common, "Revise": self._revise}.get(action)
        if perform is None or (ask.method == "GET") != (match[3] is not None):
            raise Refused(501, f"{action} is not implemented")
        answer = perform(ask, user, master, revision, iteration)
        if ask.method != "GET":
            self.log.append((user, action, master.number, f"{revision.letter}.{revision.iterations[-1].number}"))
        self._trouble(action)
        return answer

    def _trouble(self, action):
        """It is done, and its answer does not arrive as it should."""
        planned = self.after.get(action, [])
        if planned:
            status = planned.pop(0)
            if status is None:
                raise Lost
            raise Refused(status, "unexpected runtime condition")

    def _find(self, text):
        key = int(text.rpartition(":")[2])
        for master in self.masters.values():
            for revision in master.revisions:
                for iteration in (*revision.iterations, revision.working_copy):
                    if iteration is not None and iteration.key == key:
                        return master, revision, iteration
        raise Refused(404, f"{text} is not there")

    # --- reading ---

    def _page(self, ask, user):
        wanted = re.fullmatch(r"Number eq '((?:[^']|'')*)'", ask.query.get("$filter", ""))
        latest_only = ask.query.get("ptc.search.latestversion") == "true"
        found = []
        for master in self.masters.values():
            if wanted and master.number != wanted[1].replace("''", "'"):
                continue
            for revision in master.revisions[-1:] if latest_only else master.revisions:
                found.append((master, revision, revision.iterations[-1]))
                if revision.working_copy is not None:  # a search shows it to its owner beside the original
                    found += [(master, revision, revision.working_copy)] * (revision.working_copy.by == user)
        skip = int(ask.query.get("$skiptoken", 0))
        page = {"@odata.context": "$metadata#Documents",
                "value": [self._entity(ask, user, *one) for one in found[skip:skip + PAGE]]}
        if skip + PAGE < len(found):
            page["@odata.nextLink"] = f"{ask.path}?$skiptoken={skip + PAGE}"
        return page

    def _entity(self, ask, user, master, revision, iteration):
        is_copy = iteration is revision.working_copy
        is_last = iteration is revision.iterations[-1]
        state = WORKING if is_copy else OUT if is_last and revision.working_copy is not None else IN
        entity = {"ID": oid(iteration), "Number": master.number, "Name": master.name,
                  "Version": f"{revision.letter}.{iteration.number}", "Revision": revision.letter,
                  "VersionID": f"VR:wt.doc.WTDocument:{revision.iterations[0].key}", "Latest": is_last or is_copy,
                  "State": self._enum(ask, revision.state),
                  "CheckoutState": state[1], "CheckOutStatus": {"Value": state[0], "Display": state[1]},
                  "LastModified": f"2026-11-24T10:00:{iteration.number % 60:02}Z", "ModifiedBy": iteration.by,
                  "LifeCycleTemplateName": "Basic", **{name: iteration.attributes.get(name) for name in ATTRIBUTES}}
        if user in self.blind:
            entity[SECRET] = None
            entity[f"{SECRET}@PTC.AccessException"] = "not for you"
        return entity

    @staticmethod
    def _enum(ask, value):
        """The text for people is in their language: only Value says what it is."""
        return {"Value": value, "Display": STATES[value][ask.headers.get("Accept-Language", "").startswith("de")]}

    def _is_check_out_allowed(self, ask, user, master, revision, iteration):
        return 200, {"value": revision.working_copy is None and revision.state in ("INWORK", "UNDERREVIEW")}

    def _transitions(self, ask, user, master, revision, iteration):
        return 200, {"value": [self._enum(ask, state) for state in TRANSITIONS[revision.state]]}

    # --- writing ---

    def _check_out(self, revision, user, note):
        if revision.working_copy is not None:
            raise Refused(self.locked_status, f"The object is checked out by {revision.working_copy.by}")
        if revision.state not in ("INWORK", "UNDERREVIEW"):
            raise Refused(403, f"Check-out is not allowed in state {revision.state}")
        last = revision.iterations[-1]
        revision.working_copy = Iteration(last.number + 1, dict(last.attributes), user, key=next(self._keys))
        revision.note = note

    def _act_check_out(self, ask, user, master, revision, iteration):
        if iteration is not revision.iterations[-1] or revision is not master.revisions[-1]:
            raise Refused(400, "Only the latest iteration can be checked out")
        self._check_out(revision, user, ask.json.get("CheckOutNote", ""))
        return 200, self._entity(ask, user, master, revision, revision.working_copy)

    def _own_copy(self, user, revision, iteration):
        if iteration is not revision.working_copy:
            raise Refused(400, "To update the object you must first check it out")
        if revision.working_copy.by != user:
            raise Refused(self.locked_status, f"The object is checked out by {revision.working_copy.by}")

    def _patch(self, ask, user, master, revision, iteration):
        """What is not named stays, null clears."""
        self._own_copy(user, revision, iteration)
        changes = self._known(ask.json)
        if user in self.blind and SECRET in changes:
            raise Refused(403, f"{SECRET} is not for you")
        for name, value in changes.items():
            iteration.attributes[name] = value
        if "return=minimal" in ask.headers.get("Prefer", ""):
            return 204, None
        return 200, self._entity(ask, user, master, revision, iteration)

    def _check_in(self, ask, user, master, revision, iteration):
        self._own_copy(user, revision, iteration)
        iteration.note = ask.json.get("CheckInNote", "")
        iteration.key = next(self._keys)
        revision.iterations.append(iteration)
        revision.working_copy = None
        if ask.json.get("KeepCheckedOut"):
            self._check_out(revision, user, ask.json.get("CheckOutNote", ""))
        return 200, self._entity(ask, user, master, revision, iteration)

    def _undo_check_out(self, ask, user, master, revision, iteration):
        self._own_copy(user, revision, iteration)
        revision.working_copy = None
        return 200, self._entity(ask, user, master, revision, revision.iterations[-1])

    def _set_state(self, ask, user, master, revision, iteration):
        wanted = ask.json.get("State")
        if not isinstance(wanted, dict) or not {"Value", "Display"} <= wanted.keys():
            raise Refused(400, "State needs Value and Display")
        if revision.working_copy is not None:
            raise Refused(self.locked_status, f"The object is checked out by {revision.working_copy.by}")
        if wanted["Value"] not in TRANSITIONS[revision.state]:
            raise Refused(400, f"State {wanted['Value']} cannot be reached from {revision.state}")
        revision.state = wanted["Value"]
        return 200, self._entity(ask, user, master, revision, revision.iterations[-1])

    def _update_common(self, ask, user, master, revision, iteration):
        updates = ask.json.get("Updates")
        if not isinstance(updates, dict) or not updates.keys() <= {"Name", "Number"}:
            raise Refused(400, "Updates needs Name or Number")
        if revision.working_copy is not None:
            raise Refused(400, "The object must not be checked out")
        if updates.get("Number", master.number) != master.number:
            if updates["Number"] in self.masters:
                raise Refused(400, "Number is not unique")
            self.masters[updates["Number"]] = self.masters.pop(master.number)
            master.number = updates["Number"]
        master.name = updates.get("Name", master.name)
        return 200, self._entity(ask, user, master, revision, iteration)

    def _revise(self, ask, user, master, revision, iteration):
        if revision.working_copy is not None:
            raise Refused(400, "The object must not be checked out")
        self.revise(master.number, user)
        return 200, self._entity(ask, user, master, self.latest(master.number), self.latest(master.number).iterations[-1])

    @staticmethod
    def _known(attributes):
        for name in attributes:
            if name not in ATTRIBUTES:
                raise Refused(400, f"The property {name} does not exist or cannot be written")
        return dict(attributes)


def oid(iteration):
    return f"OR:wt.doc.WTDocument:{iteration.key}"
