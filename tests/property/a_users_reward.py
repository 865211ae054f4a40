"""What a user may give as a reward."""


def reward(task, completion):
    return {"reward": len(completion.text) / 100, "words": len(completion.text.split())}
