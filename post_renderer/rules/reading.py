"""The rules whose findings arise while something is read: they have no check of their own, but an entry here.

A room is where the reading is. If a rule gets a file of its own, its entry goes.
"""

from typing import NamedTuple

from post_renderer.model.finding import ERROR, NOTE, WARNING


class Entry(NamedTuple):
    """A rule in words.

    Attributes:
        sentence: What it found.
        why: Why that matters.
        fix: What to do.
        severity: The usual severity of its findings.
        ignorable: Whether a person may decide that it does not matter: the installation can work all the same.
    """

    sentence: str
    why: str
    fix: str
    severity: str = ERROR
    ignorable: bool = False


CONTRACTS = {
    "contract-absent": Entry(
        "The chart needs the tool, but its contract is not in the stream.",
        "The chart renders a guard and a contract. With the guard alone nothing says which secrets must be there: the "
        "stream is probably cut off.",
        "Render the chart again, whole: `helm template RELEASE CHART`.",
    ),
    "contract-damaged": Entry(
        "The chart's contract can't be read.",
        "Without it nobody knows which secrets must be there, so nothing is passed on.",
        "Render the chart again as it was released, and look at what else changes the stream.",
    ),
    "contract-file": Entry(
        "The file of --contract can't be understood.",
        "It says which secrets an application without a contract of its own needs.",
        "Write the fields that the report names (docs/foreign-charts.md has an example).",
    ),
    "contract-version": Entry(
        "The chart's contract is of another version.",
        "A newer chart may ask for what this version of the tool does not know.",
        "Install the version of heimdall-pr that belongs to the chart: `pip install --upgrade heimdall-pr`.",
    ),
    "duplicate-object": Entry(
        "A Secret or a contract is in the stream more than once.",
        "Helm 4 lets the last one win, Helm 3 fails half-way.",
        "Render it once: two charts or files make the same object.",
    ),
    "ignored": Entry(
        "Values with lower precedence are set and ignored.",
        "Of existingSecret, secrets and secretsFiles the first that is set counts alone.",
        "Remove the values that you do not want to be used.",
        NOTE,
        True,
    ),
    "no-contract": Entry(
        "Nothing in the stream says which secrets are required, so nothing was checked.",
        "The stream has no contract, and no workload whose image is Heimdall's. All of it is passed on unchanged.",
        "Give the chart that has one; for an application of your own use `--contract FILE` (docs/foreign-charts.md).",
        NOTE,
        True,
    ),
    "two-contracts": Entry(
        "Two contracts fill the same Secret.",
        "Each would overwrite what the other one filled.",
        "Give each release its own name (fullnameOverride), or let one of them use existingSecret.",
    ),
    "unreadable": Entry(
        "A document of the stream can't be read, so it was not checked.",
        "It is no YAML, or was cut off. It is passed on unchanged.",
        "Look at the line that the report names in the output of `helm template RELEASE CHART`.",
        NOTE,
        True,
    ),
}
VALUES = {
    "env-not-allowed": Entry(
        "A value asks for an environment variable that a chart may not read.",
        "A foreign chart could otherwise put any of your variables, such as a cloud's credentials, into its Secret.",
        "Name the variable if you want it to be read: `--env NAME` or `HEIMDALL_PR_ENV=NAME`.",
    ),
    "env-unset": Entry(
        "A value asks for an environment variable that is not set or empty.",
        "Exactly `${NAME}` in heimdall.secrets is replaced by that variable.",
        "Export the variable, with the command that the report names.",
    ),
    "duplicate-key": Entry(
        "A key is twice in a secrets file, or in a values file where it changes which secrets are used.",
        "YAML readers differ in which one they take, and the other value seems to be in use. A second `heimdall:` in a "
        "values file takes away all that the first one sets.",
        "Remove one of the two lines, or make one block of the two.",
    ),
    "duplicate-value": Entry(
        "A key is twice in a values file.",
        "Helm takes the last one alone, without a word: what the first one sets is gone.",
        "Make one block of the two.",
        WARNING,
        True,
    ),
    "helm-prints-values": Entry(
        "Helm itself prints the values that --redact takes out of the stream.",
        "`--debug` and `--output json` make `helm install` and `helm upgrade` print your own values beside the "
        "manifests. No post-renderer sees that output.",
        "Leave the option out, or give each secret as `${NAME}`: then Helm knows and prints only that.",
        WARNING,
    ),
    "not-base64": Entry(
        "A value of a Secret's data is not base64.",
        "No API server takes such a Secret.",
        "Encode the value without line breaks (`base64 -w0`), or write it into `stringData`.",
    ),
    "secret-absent": Entry(
        "The Secret that a contract has filled is not in the stream.",
        "There is nothing to fill, and the pods would wait for it.",
        "Render the chart again as it was released: something removed the Secret from the stream.",
    ),
    "secret-damaged": Entry(
        "The Secret that a contract has filled has no data that can be.",
        "It is filled in place, byte by byte, and only plain keys and values can be.",
        "Render plain keys and values, or use an existing Secret.",
    ),
    "unknown-variable": Entry(
        "A variable of the environment is named like one of this tool, and nothing reads it.",
        "It may be of another version, or meant to be another one. A name that is nearly right is an error.",
        "Look it up among the options in the README, and unset it.",
        WARNING,
        True,
    ),
    "values-contradict": Entry(
        "The values that the tool got are not those that were rendered.",
        "What the report says about your values would be wrong.",
        "Give heimdall-pr the same `--values` and `--set` as Helm.",
    ),
}
FILES = {
    "file-mode": Entry(
        "A secrets file can be read or written by others.",
        "Everybody on the machine has the secrets, or can replace them.",
        "`chmod 600 FILE`.",
        WARNING,
        True,
    ),
    "nested": Entry(
        "A key of a secrets file is no string but nested.",
        "A Secret is a flat mapping of names to texts.",
        "Write each key on a line of its own, as `KEY: value`.",
    ),
    "no-file": Entry(
        "A secrets file is not there.",
        "The values name it, and the Secret would stay empty. A wrong name or another working directory is more likely "
        "than a first installation.",
        "Correct the path, or go to the folder that it is relative to. For a first installation: "
        "`heimdall-pr generate FILE`.",
    ),
    "no-path": Entry(
        "An entry of secretsFiles is no path of a file.",
        "It may be what a file holds, which `--set-file` puts in the path's place: so it is named by its number, and "
        "never shown.",
        "Give the path: `--set 'heimdall.secretsFiles={env/heimdall-secrets.yaml}'`, or a values file.",
    ),
    "no-secrets-file": Entry(
        "A secrets file holds none of the required keys.",
        "It is another file: a manifest, a values file, a dotenv file, or the secrets of something else.",
        "Name the right file, or use this one as the report says.",
    ),
    "not-a-file": Entry(
        "A secrets file is no regular file.",
        "A directory has no content, and a pipe could be waited for for ever.",
        "Name a YAML file.",
    ),
    "not-a-mapping": Entry(
        "A secrets file is no mapping of keys to strings.",
        "Without keys nobody knows which secret is which.",
        "Write `KEY: value`, a key a line.",
    ),
    "not-a-string": Entry(
        "A key or value of a secrets file is not a string in YAML.",
        "YAML reads `0123` or `yes` as a number or a boolean, and the secret would be another text.",
        "Put the value in quotes.",
    ),
    "not-plain": Entry(
        "A secrets file has an anchor, an alias or a tag.",
        "YAML readers differ in what they make of these.",
        "Write each value out, in quotes.",
    ),
    "not-yaml": Entry(
        "A secrets file is not valid YAML.",
        "It can't be read, so its keys are unknown.",
        "Correct the line that the report names; put values with special characters in quotes.",
    ),
    "outside-root": Entry(
        "The path of a secrets file leads out of the folder that it must be in.",
        "A foreign chart could otherwise read any file of yours.",
        "Put the file into that folder, or choose another one: `--files-root DIR` or `HEIMDALL_PR_FILES_ROOT=DIR`.",
    ),
    "overridden": Entry(
        "A key of a secrets file is overridden by a later file.",
        "The files are read in order, and the last value counts.",
        "Remove the key from one of the files if you did not mean that.",
        NOTE,
        True,
    ),
    "too-large": Entry(
        "A secrets file is larger than 1 MiB.",
        "No Secret can be larger: it is another file.",
        "Name the right file.",
    ),
    "unreadable-file": Entry(
        "A secrets file can't be read.",
        "The system refuses it, so its keys are unknown.",
        "Look at its owner and mode: `ls -ld FILE`.",
    ),
}
SOPS = {
    "sops": Entry(
        "A secrets file is encrypted with SOPS, and was not decrypted.",
        "This command reads plaintext alone.",
        "Use `sops edit FILE`, or give the command the file in plaintext.",
    ),
    "sops-clear": Entry(
        "A value is plaintext in a secrets file that SOPS encrypted.",
        "The rules of .sops.yaml left it out, and it would be committed as it is.",
        "Encrypt the file by a rule that takes the key: `sops encrypt --in-place FILE`.",
        WARNING,
        True,
    ),
    "sops-damaged": Entry(
        "The sops block of a secrets file is not one that SOPS writes.",
        "What it says about the keys can't be trusted.",
        "Take the file as SOPS wrote it: `git log -p -- FILE`.",
    ),
    "sops-failed": Entry(
        "The program sops gave no answer.",
        "The file stays encrypted, so its keys are unknown.",
        "Run `sops decrypt FILE` to see what it reports.",
    ),
    "sops-key": Entry(
        "No key that is here opens a secrets file that SOPS encrypted.",
        "The file stays encrypted, so its keys are unknown.",
        "Give the key by SOPS_AGE_KEY_FILE, SOPS_AGE_KEY, ~/.config/sops/age/keys.txt or gpg's keyring.",
    ),
    "sops-keys": Entry(
        "A secrets file names a key service, which sops would contact with the user's rights.",
        "Who writes the file decides whom your machine contacts with your credentials.",
        "If you trust the file: `--sops-allow` or `HEIMDALL_PR_SOPS_ALLOW=true`.",
    ),
    "sops-mac": Entry(
        "A secrets file was changed since SOPS encrypted it.",
        "A merge or an editor changed it, or somebody put another value into it.",
        "Take the file as SOPS wrote it (`git checkout -- FILE`), or encrypt it anew.",
    ),
    "sops-program": Entry(
        "A secrets file is encrypted with SOPS, and the program sops is not there.",
        "Only sops itself opens it.",
        "Install sops: https://getsops.io/docs/#download.",
    ),
}
GIT = {
    "git-tracked": Entry(
        "A secrets file in plaintext is tracked by git.",
        "Whoever can read the repository has the secrets, and its history keeps them.",
        "Remove the file from the index (`git rm --cached FILE`), ignore it, and make new secrets.",
        ERROR,
        True,
    ),
    "git-unknown": Entry(
        "Git gave no answer whether it would commit a secrets file.",
        "Git refuses to look, for example into the repository of another user.",
        "Run `git check-ignore --verbose FILE` to see what it reports.",
        WARNING,
        True,
    ),
    "git-untracked": Entry(
        "A secrets file in plaintext is not ignored by git.",
        "The next `git add .` would commit it.",
        "Add the file to .gitignore.",
        WARNING,
        True,
    ),
    "secret-in-clear": Entry(
        "A secret is plaintext in a file that is to be committed.",
        "Whoever can read the repository has it, and its history keeps it.",
        "Encrypt the file (`sops encrypt --in-place FILE`), or ignore it; if it was pushed, make new secrets.",
    ),
}
EXISTING = {
    "checked-by-chart": Entry(
        "An existing Secret was not checked here; the chart saw it complete in the cluster.",
        "The chart looks whether the keys are there, not at their values.",
        "To check the values: `heimdall-pr check --live`, or the gate of the chart.",
        NOTE,
        True,
    ),
    "hidden": Entry(
        "Helm left the Secret out of the stream, so it was not checked.",
        "`--hide-secret` removes Secrets from a dry run.",
        "Leave `--hide-secret` out.",
        NOTE,
        True,
    ),
    "live-absent": Entry(
        "The live Secret is not in the cluster.",
        "The pods would wait for it.",
        "Let your secret manager make it first (`heimdall-pr scaffold`), or let the chart's gate wait for it.",
    ),
    "live-forbidden": Entry(
        "The live Secret may not be read.",
        "You are not logged in, or have no right to get Secrets in that namespace.",
        "Log in, or ask for the right: `kubectl auth can-i get secrets --namespace NAME`.",
    ),
    "live-namespace": Entry(
        "The namespace of a live Secret is not known.",
        "Neither the chart nor the command line names one, so the Secret can't be looked for.",
        "`--namespace NAME` or `HEIMDALL_PR_NAMESPACE=NAME`.",
    ),
    "live-no-kubectl": Entry(
        "There is no kubectl to ask for the live Secret.",
        "The cluster is asked by your own kubectl, with your own rights.",
        "Put kubectl on PATH, or leave `--live` out.",
    ),
    "live-slow": Entry(
        "The cluster did not answer in time.",
        "An install must not wait for ever.",
        "Try again, or leave `--live` out.",
    ),
    "live-unreachable": Entry(
        "The cluster is not reached.",
        "Without an answer the Secret's keys are unknown.",
        "Look at `kubectl version` with the same context.",
    ),
    "live-unusable": Entry(
        "The context, the kubeconfig or the answer of kubectl can't be used.",
        "Without an answer the Secret's keys are unknown.",
        "Name one that is there: `kubectl config get-contexts`.",
    ),
    "not-checked": Entry(
        "An existing Secret is not in the stream, so it was not checked here.",
        "The stream alone can't tell what the cluster holds.",
        "List its keys with the command that the report names, or use `--live` or the chart's gate.",
        NOTE,
        True,
    ),
}
PRODUCERS = {
    "clear-value": Entry(
        "A producer in the stream holds a value itself, in plaintext.",
        "Everybody who may read that object has it.",
        "Take the value from the secret manager.",
        WARNING,
        True,
    ),
    "not-mounted": Entry(
        "No pod in the stream mounts what makes the Secret, so it would never be made.",
        "The Secrets Store CSI driver makes a Secret when a pod mounts its volume.",
        "Mount the volume: `heimdall-pr scaffold csi-aws --values` shows the chart's values for it.",
        WARNING,
        True,
    ),
    "not-sealed": Entry(
        "A value of a SealedSecret is not what kubeseal makes.",
        "The controller makes no Secret at all if it can't open one value.",
        "Seal the value with kubeseal.",
    ),
    "two-makers": Entry(
        "Two objects in the stream make the same Secret.",
        "Their operators undo each other's work, or one refuses.",
        "Leave one of them out.",
        WARNING,
        True,
    ),
    "unfetched": Entry(
        "A template makes a key from something that is not fetched, so no Secret is made.",
        "The External Secrets Operator fails at an unknown name.",
        "Fetch it under `data` or `dataFrom`, or correct the template.",
        WARNING,
        True,
    ),
    "unknown-object": Entry(
        "A key is taken from an object that a SecretProviderClass does not name.",
        "The driver finds no such object, and the key stays away.",
        "Name the object in `spec.parameters`, or correct the entry.",
        WARNING,
    ),
    "values-unseen": Entry(
        "An object in the stream brings the keys, and their values are not known here.",
        "Only the secret manager has the values.",
        "Once it is applied: `heimdall-pr check TARGET --live --namespace NAME --context NAME`.",
        NOTE,
        True,
    ),
}
INJECTION = {
    "injected": Entry(
        "A Secret was filled that the next install without the flag would delete.",
        "The chart itself does not render the values.",
        "Set `HEIMDALL_PR_INJECT=true` in each install and upgrade, or use an existing Secret.",
        NOTE,
        True,
    ),
    "nothing-to-inject": Entry(
        "There is nothing that --inject could fill.",
        "The values name no secretsFiles, and no value of the Secret is exactly `${NAME}`.",
        "Give the values that have one of them (`HEIMDALL_PR_VALUES=FILE`), or leave `--inject` out.",
        NOTE,
        True,
    ),
    "unused-key": Entry(
        "A value was not filled, as the container does not take it from this Secret.",
        "Nothing would read it.",
        "Remove the key, or let the container take it from the Secret.",
        NOTE,
        True,
    ),
}
CHECK = {
    "chart-refused": Entry(
        "The chart itself refuses these values.",
        "It renders nothing until they are right.",
        "Do what the chart's message says.",
    ),
    "ignore-unused": Entry(
        "A rule is ignored that found nothing.",
        "An old `--ignore` would hide what the rule finds later.",
        "Leave the `--ignore` out.",
        NOTE,
        True,
    ),
    "render-failed": Entry(
        "Helm can't render the chart.",
        "There is nothing to check.",
        "Look at `helm template CHART`.",
    ),
    "values-schema": Entry(
        "The chart's schema refuses these values.",
        "It renders nothing until they are right.",
        "Correct the value that the report names; the chart's README lists all of them.",
    ),
}

# Each room with its rules, in the order of the documentation.
ROOMS = {
    "the contract and the stream": CONTRACTS,
    "values": VALUES,
    "secrets files": FILES,
    "SOPS": SOPS,
    "git": GIT,
    "existing Secrets": EXISTING,
    "objects that make Secrets": PRODUCERS,
    "--inject": INJECTION,
    "check": CHECK,
}
