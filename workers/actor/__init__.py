"""The workers that train the policy."""
