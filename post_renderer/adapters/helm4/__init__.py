"""What Helm 4 needs: a plugin in place of an executable, and another channel for reports."""
