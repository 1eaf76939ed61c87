"""The rules whose findings arise while something is read: they have no check of their own, but an entry here.

A room is where the reading is. If a rule gets a file of its own, its entry goes.
"""

from __future__ import annotations

from post_renderer.model.finding import ERROR, NOTE, WARNING
from post_renderer.model.record import NamedTuple


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
        "Without it nobody knows which secrets must be there, so nothing is installed.",
        "Render the chart again as it was released, and look at what else changes the stream.",
    ),
    "contract-file": Entry(
        "The file of --contract can't be understood.",
        "It says which secrets an application without a contract of its own needs.",
        "Write the fields that the report names (docs/contract.md has each with an example).",
    ),
    "contract-unmatched": Entry(
        "A contract file matches nothing in the stream.",
        "It names an image, Secrets or labels that nothing has. A typo would leave everything unchecked, without a "
        "word in the report.",
        "Correct what it matches by. With `when: present`, and in a folder of contracts, it is skipped.",
    ),
    "contract-version": Entry(
        "The chart's contract is of another version.",
        "A newer chart may ask for what this version of the tool does not know.",
        "Install the version of heimdall-pr that belongs to the chart: `pip install --upgrade heimdall-pr`.",
    ),
    "contracts-contradict": Entry(
        "Two contracts say of one key what can't both be.",
        "If two contracts are about one key, the stricter one wins. No value can have 16 and 32 characters.",
        "Correct one of the two contracts, which the report names.",
    ),
    "duplicate-object": Entry(
        "A Secret or a contract is in the stream more than once.",
        "Helm 4 lets the last one win, Helm 3 fails half-way.",
        "Render it once: two charts or files make the same object.",
    ),
    "ignored": Entry(
        "Values are set and not used.",
        "In our chart, of existingSecret, secrets and secretsFiles the first that is set counts alone. Another chart "
        "has its own precedence: there only what was rendered says that a value is not used.",
        "Remove the values that you do not want to be used.",
        NOTE,
        True,
    ),
    "looks-like": Entry(
        "A container looks like Heimdall, and is not judged.",
        "It takes two of the four keys, as other applications do. Without a contract a container is judged for its "
        "image, its name, or three of the four keys.",
        "If it is Heimdall, name its image in a contract file (`--contract FILE`, docs/foreign-charts.md).",
        NOTE,
        True,
    ),
    "skipped": Entry(
        "A workload is not judged, because --skip-workload names it.",
        "The option is for what is no Heimdall, whatever it looks like. A name that matches nothing is reported, too.",
        "Leave the option out if the workload is to be judged.",
        NOTE,
        True,
    ),
    "taken-for": Entry(
        "Why a container without a contract was judged.",
        "Its image ends in `heimdall2`, its name is `heimdall-front`, or it takes three of the four keys. The note is "
        "only there if something is wrong with it.",
        "If it is another application: `--skip-workload KIND/NAME`, or `HEIMDALL_PR_SKIP_WORKLOAD`.",
        NOTE,
        True,
    ),
    "no-contract": Entry(
        "Nothing in the stream says which secrets are required, so nothing was checked.",
        "The stream has no contract, and no workload whose image is Heimdall's. The post-renderer leaves all of it "
        "unchanged.",
        "Give the chart that has one; for an application of your own use `--contract FILE` (docs/contract.md).",
        NOTE,
        True,
    ),
    "not-redacted": Entry(
        "A judged value is in the stream outside of what --redact hides.",
        "A dry run prints the stream. A copy of the value in an annotation, a comment, a ConfigMap or another Secret "
        "would be printed with it, and so would one that another value of the Secret overrides.",
        "Let the object refer to the Secret instead of copying the value, or leave `--redact` out.",
    ),
    "rules-differ": Entry(
        "The chart has other rules about values than this heimdall-pr.",
        "Their versions differ, so a value may be good for the chart and its gate and bad for heimdall-pr, or the "
        "reverse. Each judges by its own rules, and neither leaves anything out: not even `--strict` makes it an "
        "error. The digests that the report names are over the rules; the gate prints its own in its last report.",
        "Upgrade the older of the two.",
        NOTE,
        True,
    ),
    "other-namespace": Entry(
        "A contract is about a Secret in another namespace than the pods that take it.",
        "A guard was written for one namespace and is installed into another. The Secret there is not looked at, and "
        "the pods would wait for it.",
        "Install into the contract's namespace, or write the guard again with `--namespace`.",
    ),
    "unlisted-key": Entry(
        "Pods take a key of the Secret that its contract does not list.",
        "A pod does not start without the keys of a `secretKeyRef` and of a volume's `items`, and a program does not "
        "find the file that a variable `X_FILE` names. So such a key must be there. The contract may have misspelt it.",
        "List it in the contract: `required`, or `--key` of `heimdall-pr scaffold guard`.",
        NOTE,
        True,
    ),
    "unused-contract": Entry(
        "Nothing in the stream takes the Secret that a contract is about.",
        "The contract has a typo, or the chart's value for an existing Secret is not set. Then the pods take another "
        "Secret, which nobody has checked. It is a note if the Secret is in the stream beside a chart that makes it, "
        "if the contract is a file, or of version 1. An application that reads the Secret by the API needs no name in "
        "the stream; a contract file says so with `image` beside `secret`. The gate, the policy and other contracts "
        "do not count. A Secret whose keys are all optional, or are filled by the application, is not looked for.",
        "Set the chart's value for an existing Secret, or correct `secret` in the contract. The report names the "
        "Secret that was meant, if a container takes one of nearly that name, or the contract's keys from another one.",
        WARNING,
        True,
    ),
    "two-contracts": Entry(
        "Two contracts fill the same Secret.",
        "Each would overwrite what the other one filled.",
        "Give each release its own name (fullnameOverride), or let one of them use existingSecret.",
    ),
    "checksum-damaged": Entry(
        "The annotation that gets the checksum of the Secret can't be filled.",
        "It comes by an anchor, an alias, a merge key or a key that is there twice: what is filled might count "
        "somewhere else too, or nowhere.",
        "Render the annotation once, with its own empty value.",
    ),
    "no-libyaml": Entry(
        "Too much has to be read, and PyYAML has no libyaml on this machine.",
        "Without libyaml it reads 1 MB a second, so no more than 1 MiB of a stream is read.",
        "Install a PyYAML that has libyaml, as all of its wheels do.",
    ),
    "read-in-two-ways": Entry(
        "Kubernetes and other readers of YAML may read a document in two ways.",
        "What is checked must be what is installed. Such a document has, for example, a byte-order mark at the start "
        'of a line, the key `yes` beside `"true"`, or a second document without its own `---`.',
        "Write the document in plain YAML.",
    ),
    "unreadable": Entry(
        "A document of the stream can't be read, so it was not checked.",
        "It is no YAML, or was cut off. The post-renderer leaves it unchanged.",
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
        "For a first installation: export the variable, with the command that the report names. In an upgrade export "
        "the value that the release has: a new one is a rotation, and the database does not follow it.",
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
    "not-filled": Entry(
        "With --inject, a `${NAME}` is left where nothing replaces it.",
        "A Secret whose value is exactly `${NAME}`, and that no known application takes, is not filled: the text "
        "itself would be the secret. If a variable was filled, a Secret or a pod's environment that still has its "
        "`${NAME}` (as it is, in base64 or percent-encoded) is an error; any other object is a warning, since a "
        "program may expand the text itself. What a chart has hashed can't be seen.",
        "Let the object refer to the Secret that is filled (`secretKeyRef`), or give the chart the value directly.",
        ERROR,
        True,
    ),
    "not-passed": Entry(
        "A key is stored in the Secret, and the application's pod does not get it.",
        "The chart passes the keys that it knows. Names of the application's settings, and names like them, are shown; "
        "others are counted, for a secret may have been written where a name should be.",
        "Name the key in `heimdall.extraSecretKeys`, or leave it out of the Secret.",
        WARNING,
        True,
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
        "Look it up in `docs/commands.md`, and unset it.",
        WARNING,
        True,
    ),
    "values-contradict": Entry(
        "The values that the tool got are not those that were rendered.",
        "What the report says about your values would be wrong.",
        "Give heimdall-pr the same `--values` and `--set` as Helm. `check CHART` renders with them itself: if a chart "
        "without a contract does not use them as ours would, that is a note (`ignored`).",
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
        "`heimdall-pr generate FILE`. In an upgrade that would make new values, which the database does not follow.",
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
        "A secret, or a key of a secrets file, is not a string in YAML.",
        "YAML reads `0123` or `yes` as a number or a boolean, and the secret would be another text: of `12345678` in a "
        "values file Helm makes `1.2345678e+07`.",
        "Put the value in quotes; on the command line use `--set-string`.",
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
        "The report names what shows or solves it: `ls -ld FILE` for missing rights, `df -h` for a full disk.",
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
        "An existing Secret was not checked here; the chart judged its values in the cluster.",
        "The chart has the rules that are errors, as far as a pattern can say them, and no warnings. Charts before it "
        "looked at the keys alone: then the Secret is `not-checked`.",
        "To check the values here: `heimdall-pr check --live`, or the gate of the chart.",
        NOTE,
        True,
    ),
    "fixed-key": Entry(
        "A key has another value than in the cluster, and something else remembers the old one.",
        "PostgreSQL takes its password when it makes its volume: with another one in the Secret, the pod can't log in.",
        "Keep the value. Or change it in the database first, and install with `--set postgresql.trustPassword=true`.",
        ERROR,
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
    "decoded": Entry(
        "A value is decoded before it is stored, which spoils hexadecimal digits.",
        "`decodingStrategy: Auto` decodes whatever can be base64. 128 hexadecimal digits can: they become 96 bytes, "
        "which no environment variable can hold.",
        "Leave `decodingStrategy` out; use `Base64` for a value that is stored encoded.",
        WARNING,
        True,
    ),
    "filled": Entry(
        "A Secret of the stream lacks keys that somebody else fills in the cluster.",
        "An object beside it in the stream says so, or an annotation of it: `sealedsecrets.bitnami.com/managed` and "
        "`patch`, Reflector's `reflects`, Kubernetes Replicator's and Internal Secrets Operator's `replicate-from`, "
        "and `autogenerate` of Kubernetes Secret Generator and Internal Secrets Operator.",
        "Once it is applied: `heimdall-pr check TARGET --live --namespace NAME --context NAME`.",
        NOTE,
        True,
    ),
    "generator-in-data": Entry(
        "An entry of an ExternalSecret's `data` names a generator, and then no Secret is made.",
        "The External Secrets Operator takes generators in `dataFrom` alone; in `data` it looks for a store instead.",
        "Put the generator into `spec.dataFrom[].sourceRef.generatorRef`, and name its keys by a template.",
    ),
    "generator-refreshes": Entry(
        "A generator makes new values again and again.",
        "Each refresh (every hour unless `refreshInterval` says otherwise) replaces the values. A database that was "
        "set up with the old DATABASE_PASSWORD refuses the new one.",
        "`refreshPolicy: CreatedOnce`, or `refreshInterval: 0s`.",
        WARNING,
        True,
    ),
    "key-twice": Entry(
        "An ExternalSecret's `data` has a key twice.",
        "The operator's webhook refuses such an object. If the webhook is not installed, the last entry counts.",
        "Remove one of the two entries.",
        WARNING,
        True,
    ),
    "makes-no-secret": Entry(
        "An object is to make the Secret, but its operator will make none of it.",
        "A field is missing without which the operator does nothing, often without an error that anybody sees.",
        "Correct the field that the report names.",
    ),
    "near-secret": Entry(
        "An object makes a Secret in another namespace, or of almost the name that is needed.",
        "Nothing in the stream makes the Secret that is needed, and the pods would wait for it.",
        "Correct the name or the namespace of the object, or name the Secret that it makes in your values.",
        WARNING,
        True,
    ),
    "no-maker": Entry(
        "Objects in the stream add to the Secret, but none of them makes it.",
        "An ExternalSecret with `creationPolicy: Merge` or `None`, and the Vault Secrets Operator without "
        "`create: true`, wait for a Secret that is there. If nothing else makes it, there will be none.",
        "`creationPolicy: Owner` or `CreateOrMerge`, or `create: true`. If the Secret is in the cluster already: "
        "`--live` looks at it.",
        ERROR,
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
    "same-source": Entry(
        "Two keys are taken from the same place, so they get the same value.",
        "Without `property` each key gets all of a secret, such as the whole JSON text; with the same property, file "
        "or template, one key gets the value of another.",
        "Name the `property` of each value, or a remote secret, a template or a file for each.",
        WARNING,
        True,
    ),
    "template-quotes": Entry(
        "A template puts a value in quotes, which become part of it.",
        "The text that a template gives is the value: nobody reads it as YAML or JSON again.",
        "Leave `quote`, `toJson` and written quotes out of the template.",
        WARNING,
        True,
    ),
    "two-makers": Entry(
        "Two objects in the stream make the same Secret, or one adds to what another one owns.",
        "The operators refuse a Secret that somebody else owns, or undo each other's work: the keys do not add up.",
        "Leave one of them out.",
        WARNING,
        True,
    ),
    "unfetched": Entry(
        "A template takes something that is not fetched.",
        "The External Secrets Operator and the Vault Secrets Operator fail at an unknown name and make no Secret; "
        'Sealed Secrets writes `<no value>`, and `index . "NAME"` gives an empty text.',
        "Fetch it under `data` or `dataFrom`, or correct the name in the template.",
        ERROR,
        True,
    ),
    "unknown-object": Entry(
        "A key of a SecretProviderClass is taken from a file that is not mounted, so no Secret is made.",
        "`objectName` in `secretObjects` is the name of a file. Its provider calls the file by `objectAlias`, else "
        "`objectName` (AWS, Azure), by `path` (Google), or by `objectName` (Vault).",
        "Name the file as `spec.parameters` does, or correct the parameters.",
    ),
    "values-unseen": Entry(
        "An object in the stream brings the keys, and their values are not known here.",
        "Only the secret manager has the values.",
        "Once it is applied: `heimdall-pr check TARGET --live --namespace NAME --context NAME`.",
        NOTE,
        True,
    ),
    "wrong-type": Entry(
        "A Secret is made with a type whose keys it does not have.",
        "The API server refuses, for example, a Secret of the type kubernetes.io/tls without tls.crt and tls.key.",
        "Leave the type out: the Secret is Opaque then.",
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
