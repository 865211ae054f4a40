"""The workers that hold the frozen reference policy."""
