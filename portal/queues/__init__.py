"""What waits for an actor: of each queue, number and list come from one queryset."""

from portal.queues.building import named_queues, queue_of, queues_of
from portal.queues.queue import CAP, PAGE, SHOWN, Queue

__all__ = ["CAP", "PAGE", "SHOWN", "Queue", "named_queues", "queue_of", "queues_of"]
