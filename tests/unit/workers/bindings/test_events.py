"""What a cron trigger hands to a handler; for a batch of messages, see queues."""

from pykvbinding.workers.bindings.events import ScheduledController


def test_a_controller_is_what_the_platform_hands_over() -> None:
    controller = ScheduledController("0 * * * *", 5000)

    controller.noRetry()

    assert (controller.cron, controller.scheduledTime) == ("0 * * * *", 5000)
    assert controller.constructor.name == "ScheduledController"
    assert controller.is_not_retried
