"""Things whose front anybody can tell. What looks the same from several sides, such as a table, a hat or a ball, is not
among them, whatever a pose estimator says of it.
"""

_FRONTED = """
airplane alligator armchair baby bear bed bench bicycle bike bird boat boy bull bus calf car cat chair
computer couch cow crocodile deer dog donkey dresser duck elephant fox fridge giraffe girl goat goose guitar
hen horse jeep lamb laptop limousine lion lizard man microwave monitor monkey moped motorbike motorcycle mouse
oven owl panda parrot penguin person piano pickup pig plane player printer rabbit racer recliner refrigerator
rider rooster scooter sheep shoe sneaker sofa squirrel stove swan taxi television tiger toilet tractor train
tricycle truck turtle tv unicycle van wheelchair woman zebra
"""
FRONTED = frozenset(_FRONTED.split())


def has_front(name: str, fronted: frozenset[str] = FRONTED) -> bool:
    """By its last word: an office chair is a chair."""
    return name in fronted or name.rpartition(" ")[2] in fronted
