"""Each guarantee finds its bugs of the zoo and accepts the corrected programs."""

import pytest

from pykvbinding.sim.check.guarantees import (
    causal,
    check,
    evaluate,
    fresh,
    linearizable,
    monotonic_reads,
    monotonic_writes,
    no_lost_updates,
    read_your_writes,
    together,
    writes_follow_reads,
)
from tests.support.trace_parser import trace_of

SESSIONS = [read_your_writes, monotonic_reads, monotonic_writes, writes_follow_reads]

ZOO = {
    "1: a counter": (
        no_lost_updates,
        """
        visit1@LHR get visits
        visit1@LHR put visits=1
        +1
        visit2@NRT get visits~1
        visit2@NRT put visits=1
        """,
        """
        visit1@LHR put hit:1=x
        visit2@NRT put hit:2=x
        +60
        count3@NRT list hit: hit:1 hit:2
        """,
    ),
    "2: a profile": (
        read_your_writes,
        """
        save1@LHR/ana put profile=old
        +600
        save2@LHR/ana put profile=new
        show3@NRT/ana get profile~1
        """,
        """
        save1@LHR/ana put profile=old
        +600
        save2@LHR/ana put profile=new
        """,
    ),
    "3: a lock": (
        no_lost_updates,
        """
        work1@LHR get lock
        work2@NRT get lock
        work1@LHR put lock=1
        work1@LHR external charge
        +1
        work2@NRT put lock=2
        work2@NRT external charge
        """,
        """
        work1@LHR external acquire
        work1@LHR external charge
        work2@NRT external acquire
        """,
    ),
    "4: a session that was revoked": (
        fresh(within=60),
        """
        login1@LHR put session=ana
        who2@NRT get session ttl=3600
        logout3@LHR delete session
        +60
        who4@NRT get session~1 ttl=3600
        """,
        """
        login1@LHR put session=ana
        who2@NRT get session
        logout3@LHR delete session
        +59
        who4@NRT get session~1
        +1
        who5@NRT get session
        """,
    ),
    "5: a default": (
        no_lost_updates,
        """
        start1@NRT get config
        seed config=admin
        +1
        start1@NRT put config=default
        """,
        """
        start1@NRT get config
        seed config=admin
        +1
        start2@NRT get config~1
        """,
    ),
    "11: metadata of a list and the body of a get": (
        monotonic_reads,
        """
        write1@LHR put post=draft
        +1
        write1@LHR put post=final
        show2@NRT list post post
        show2@NRT get post~1
        """,
        """
        write1@LHR put post=draft
        +1
        write1@LHR put post=final
        show2@NRT get post~1
        """,
    ),
    "12: an index": (
        together("item", "index"),
        """
        publish1@LHR put item=text
        publish1@LHR put index=item
        show2@NRT get index
        show2@NRT get item~1
        """,
        """
        publish1@LHR put item=text
        show2@NRT get item~1
        """,
    ),
    "13: a quota": (
        monotonic_reads,
        """
        use1@LHR put left=29
        +1
        use2@LHR put left=28
        show3@LHR/ana get left
        show4@NRT/ana get left~1
        """,
        """
        use1@LHR put left=29
        +1
        use2@LHR put left=28
        show3@LHR/ana get left~1
        show4@NRT/ana get left
        """,
    ),
}


@pytest.mark.parametrize("case", ZOO)
def test_finds_each_bug_of_the_zoo(case: str) -> None:
    guarantee, broken, _ = ZOO[case]

    with pytest.raises(guarantee.error):
        check(trace_of(broken), guarantee)


@pytest.mark.parametrize("case", ZOO)
def test_accepts_each_corrected_program(case: str) -> None:
    guarantee, _, sound = ZOO[case]

    report = check(trace_of(sound), guarantee)

    assert report.broken == ()


def test_refused_writes_break_no_guarantee() -> None:
    trace = trace_of("""
        rotate1@LHR get token
        rotate1@LHR delete token
        rotate1@LHR put token=new !
        job2@LHR get status
        job2@LHR put status=running
        job2@LHR put status=done !
        job2@LHR get status
    """)

    report = evaluate(trace, no_lost_updates, causal, fresh, linearizable, *SESSIONS)

    assert report.broken == ()
