"""The files that the lessons write lie here, beside nothing of yours."""
