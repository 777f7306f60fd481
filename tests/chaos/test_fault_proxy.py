"""Between worker and service requests and answers are delayed, cut, reset, held and dribbled: of thousands of writes the
worker does not know whether they were done."""
import contextlib

import pytest

from fault_proxy import FaultProxy

PATIENCE = 0.4


@pytest.mark.parametrize("topics", [12], indirect=True)
@pytest.mark.often(1, 1)
def test_ambiguous_writes(again, topics, make_rig, seed, is_long, report):
    events, wanted = (12500, 2000) if is_long else (1500, 200)
    rig = make_rig(documents=events * 4 // 5, events=events, per_second=1000, foreign=100)
    with contextlib.closing(FaultProxy(rig.service.port, share=0.3, patience=PATIENCE, seed=seed)) as proxy:
        worker = rig.worker(url=proxy.url, service={"timeout": f"{int(PATIENCE * 1000)}ms"},
                            retry={"outage": {"backoff_max": "200ms"}})
        rig.unheard = proxy.unheard
        rig.producing.wait()
        figures = rig.finish([worker])
        writes = ambiguous(proxy)
    assert len(writes) >= wanted
    report(ambiguous_writes=len(writes), applied=sum(is_applied(write) for write in writes),
           not_applied=sum(not is_applied(write) for write in writes),
           sent_again_by_libcurl=sum(write.is_again for write in proxy.writes), **figures)


def ambiguous(proxy):
    return [write for write in proxy.writes if write.fault and not write.is_heard]


def is_applied(write):
    return write.status is not None and 200 <= write.status < 300
