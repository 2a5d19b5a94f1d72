"""The controller of a cron trigger. For batches of messages, see test_queues."""

from pykvbinding.workers.bindings.events import ScheduledController


def test_scheduled_controller_has_the_platform_class() -> None:
    controller = ScheduledController("0 * * * *", 5000)

    controller.noRetry()

    assert (controller.cron, controller.scheduledTime) == ("0 * * * *", 5000)
    assert controller.constructor.name == "ScheduledController"
    assert controller.is_not_retried
