"""The catalog of rules: what each finding's id means, and whether a person may decide that it does not matter."""

from typing import NamedTuple


class Rule(NamedTuple):
    """A rule: one sentence on what it found; `ignorable` where the install can go right all the same."""

    sentence: str
    ignorable: bool = False


# What stands against reading or filling the Secret can't be ignored: there would be no Secret to judge. What judges a
# value that is there can be: a person may know better.
RULES = {
    "admin-rule": Rule("ADMIN_PASSWORD does not pass the application's own rule for passwords.", True),
    "bcrypt-limit": Rule("ADMIN_PASSWORD has more than 72 bytes, and bcrypt ignores the rest.", True),
    "chart-refused": Rule("The chart itself refuses these values."),
    "checked-by-chart": Rule(
        "An existing Secret was not checked here; the chart saw it complete in the cluster.", True
    ),
    "clear-value": Rule("A producer in the stream holds a value itself, in clear.", True),
    "contract-absent": Rule("The chart needs the tool, but its contract is not in the stream."),
    "contract-damaged": Rule("The chart's contract can't be read."),
    "contract-file": Rule("The file of --contract can't be understood."),
    "contract-version": Rule("The chart's contract is of another version."),
    "dangerous-variable": Rule(
        "An envFrom brings a variable that changes how programs start or whom they trust.", True
    ),
    "double-base64": Rule("A value is base64 of text: it was encoded once too often.", True),
    "duplicate-key": Rule("A key is in a secrets file, or among the secrets of a values file, twice."),
    "duplicate-object": Rule("A Secret or a contract is in the stream more than once."),
    "env-not-allowed": Rule("A value asks for an environment variable that a chart may not read."),
    "env-unset": Rule("A value asks for an environment variable that is not set or empty."),
    "file-mode": Rule("A secrets file can be read or written by others.", True),
    "git-tracked": Rule("A secrets file in clear is tracked by git.", True),
    "git-unknown": Rule("Git could not say whether it would commit a secrets file.", True),
    "git-untracked": Rule("A secrets file in clear is not ignored by git.", True),
    "hidden": Rule("Helm left the Secret out of the stream, so it was not checked.", True),
    "ignore-unused": Rule("A rule is ignored that found nothing.", True),
    "ignored": Rule("Values of another way to give the secrets are set and ignored.", True),
    "injected": Rule("A Secret was filled that the next install without the flag would delete.", True),
    "key-name": Rule("A key is no name that a Secret's key can have."),
    "literal-secret": Rule("A required variable stands in the pod in clear.", True),
    "live-absent": Rule("The live Secret is not in the cluster."),
    "live-forbidden": Rule("The live Secret may not be read."),
    "live-namespace": Rule("The namespace of a live Secret is not known."),
    "live-no-kubectl": Rule("There is no kubectl to ask for the live Secret."),
    "live-slow": Rule("The cluster did not answer in time."),
    "live-unreachable": Rule("The cluster is not reached."),
    "live-unusable": Rule("The context, the kubeconfig or the answer of kubectl can't be used."),
    "missing-key": Rule("A required key is absent, empty or only white space."),
    "near-miss": Rule("A key's name is almost a known one.", True),
    "nested": Rule("A key of a secrets file is no string but nested."),
    "no-contract": Rule("Nothing in the stream says which secrets are required, so nothing was checked.", True),
    "no-file": Rule("A secrets file is not there."),
    "no-secret": Rule("A required variable comes from a field that is no secret.", True),
    "no-secrets-file": Rule("A secrets file holds none of the required keys."),
    "no-source": Rule("A required variable comes from nowhere: the container takes it from no Secret."),
    "not-a-file": Rule("A secrets file is no regular file."),
    "not-a-mapping": Rule("A secrets file is no mapping of keys to strings."),
    "not-a-string": Rule("A key or value of a secrets file is not a string in YAML."),
    "not-base64": Rule("A value of a Secret's data is not base64."),
    "not-checked": Rule("An existing Secret is not in the stream, so it was not checked here.", True),
    "not-mounted": Rule("No pod in the stream mounts what makes the Secret, so it would never be made.", True),
    "not-plain": Rule("A secrets file has an anchor, an alias or a tag."),
    "not-sealed": Rule("A value of a SealedSecret is not what kubeseal makes."),
    "not-utf8": Rule("A value or a secrets file is not UTF-8."),
    "not-yaml": Rule("A secrets file is not valid YAML."),
    "nothing-to-inject": Rule("There is nothing that --inject could fill.", True),
    "nul-byte": Rule("A value or a secrets file holds a NUL byte."),
    "optional-key": Rule("A required variable is optional in the pod, which would start without it.", True),
    "outside-root": Rule("The path of a secrets file leads out of the folder that it must be in."),
    "overridden": Rule("A key of a secrets file is overridden by a later file.", True),
    "placeholder": Rule("A value only stands in for a secret, or is printed in public documentation.", True),
    "render-failed": Rule("Helm can't render the chart."),
    "secret-absent": Rule("The Secret that a contract has filled is not in the stream."),
    "secret-damaged": Rule("The Secret that a contract has filled has no data that can be."),
    "secret-in-clear": Rule("A secret stands in clear in a file that is to be committed."),
    "secret-in-configmap": Rule("A required variable comes from a ConfigMap, where it is in clear.", True),
    "shared-value": Rule("Two keys have the same value.", True),
    "short-value": Rule("A value is shorter than is recommended.", True),
    "sops": Rule("A secrets file is encrypted with SOPS, and was not decrypted."),
    "sops-clear": Rule("A value stands in clear in a secrets file that SOPS encrypted.", True),
    "sops-damaged": Rule("The sops block of a secrets file is not one that SOPS writes."),
    "sops-failed": Rule("The program sops gave no answer."),
    "sops-key": Rule("No key that is here opens a secrets file that SOPS encrypted."),
    "sops-keys": Rule("A secrets file names a key service, which sops would contact with the user's rights."),
    "sops-mac": Rule("A secrets file was changed since SOPS encrypted it."),
    "sops-program": Rule("A secrets file is encrypted with SOPS, and the program sops is not there."),
    "too-large": Rule("A secrets file is larger than 1 MiB."),
    "trailing-newline": Rule("A value ends in a line break.", True),
    "two-contracts": Rule("Two contracts fill the same Secret."),
    "two-makers": Rule("Two objects in the stream make the same Secret.", True),
    "unfetched": Rule("A template makes a key from something that is not fetched, so no Secret is made.", True),
    "uniform-value": Rule("A value has fewer than 5 different characters.", True),
    "unknown-object": Rule("A key is taken from an object that a SecretProviderClass does not name."),
    "unreadable": Rule("A document of the stream can't be read, so it was not checked.", True),
    "unreadable-file": Rule("A secrets file can't be read."),
    "unused-key": Rule("A value was not filled, as the container does not take it from this Secret.", True),
    "values-contradict": Rule("The values that were told are not those that were rendered."),
    "values-schema": Rule("The chart's schema refuses these values."),
    "values-unseen": Rule("An object in the stream brings the keys, and their values are not known here.", True),
    "variable-name": Rule("A key is no environment variable's name, and Kubernetes drops it silently.", True),
}


def sentence(rule: str) -> str:
    """What a rule means; one that the catalog does not know is its own name."""
    return RULES[rule].sentence if rule in RULES else rule
