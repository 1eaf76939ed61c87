"""What nobody means as a secret, by the rule that finds it, and values that people and programs do make."""

import base64
import json
import random
import string
import uuid
from collections.abc import Callable, Iterator

HEX = "4b0f9a7c2d8e61530b9d7f2c6a1e8405"
B64 = base64.b64encode(bytes.fromhex(HEX)).decode()
BAD: dict[str, tuple[str, ...]] = {
    "ciphertext": (
        "ENC[AES256_GCM,data:aGVsbG8=,iv:aGk=,tag:aGk=,type:str]",
        "ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCCAWYCAQAxggEhMIIBHQIBADAFMAACAQEw]",
        f"ENC({B64})",
        f"EJ[1:{B64}:{B64}:{B64}]",
        "$ANSIBLE_VAULT;1.1;AES256\n62313365396662343061393464336163\n",
        f"vault:v1:{B64}",
        f"k8s:enc:aescbc:v1:key1:{B64}",
        f"encrypted:{B64}",
        f"-----BEGIN AGE ENCRYPTED FILE-----\n{B64}\n-----END AGE ENCRYPTED FILE-----\n",
        f"-----BEGIN PGP MESSAGE-----\n\n{B64}\n-----END PGP MESSAGE-----",
        f"{{cipher}}{HEX}",
        "{xor}LDo8LTor",
        f"U2FsdGVkX1{B64}",
        "AgBy3i4OJSWK" + B64[:-2] * 20,
        "AQICAHh" + B64[:-2] * 5,
        "gAAAAABk" + B64[:-2].replace("+", "-").replace("/", "_") * 4 + "==",
        f"{{AQAAABAAAA{B64}}}",
        "01000000d08c9ddf0115d1118c7a00c04fc297eb" + HEX,
        f"{B64[:-2]}--{B64[:16]}--{B64[:22]}==",
    ),
    "unresolved-reference": (
        "ref+vault://secret/heimdall#/jwt",
        "secretref+awssecrets://heimdall/jwt",
        "op://vault/heimdall/jwt",
        "keeper://UID/field/password",
        "gcpsm://projects/x/secrets/y",
        "#{JwtSecret}",
        "#{jwt}#",
        "pre-#{JWT_SECRET}",
        "__JWT_SECRET__",
        "prefix__JWT_SECRET__",
        "@@JWT_SECRET@@",
        "@jwt.secret@",
        "%%JWT_SECRET%%",
        "<%= @jwt_secret %>",
        "x<%= ENV['JWT'] %>y",
        '<%= "50%" %>',
        "(sensitive value)",
        "(sensitive value, 128 characters)",
        "(known after apply)",
        "%!s(<nil>)",
        "%!d(string=abc)",
        "[object Object]",
        "map[jwt:abc]",
        "None",
        "null",
        "undefined",
        "nil",
        "<nil>",
        "NaN",
        "{{resolve:secretsmanager:heimdall:SecretString:jwt}}",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:heimdall-AbCdEf",
        "arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/jwt",
        "<path:secret/data/heimdall#jwt>",
        "projects/my-project/secrets/jwt/versions/latest",
        "gcp:secretmanager:projects/p/secrets/s",
        "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/jwt)",
        "secretref:jwt-secret",
        "process.env.JWT_SECRET",
        'os.environ["JWT_SECRET"]',
        ".Values.heimdall.jwt",
        "var.jwt_secret",
        "random_password.jwt.result",
        "secrets.JWT_SECRET",
        "((jwt_secret))",
        "[[ jwt_secret ]]",
        "%(jwt_secret)s",
        "{jwt_secret}",
        "!Ref JwtSecret",
        "!vault secret",
    ),
    "not-a-password": (
        f"-----BEGIN PRIVATE KEY-----\n{B64}\n-----END PRIVATE KEY-----",
        f'{{"jwt": "{HEX}"}}',
        f'["{HEX}"]',
        f"{{'jwt': '{HEX}'}}",
        f'[{{"jwt": "{HEX}"}}]',
        "{}",
        f"JWT_SECRET={HEX}",
        f"export JWT_SECRET='{HEX}'",
        f"jwtSecret: {HEX}",
        f"JWT_SECRET={HEX}\nADMIN_PASSWORD={HEX}",
        f'"JWT_SECRET": "{HEX}"',
        "postgresql://heimdall:kP3vQ8@db:5432/heimdall",
        "https://example.test/secret",
        "/run/secrets/jwt",
        "file:./jwt.txt",
    ),
    "placeholder": (
        "PLACEHOLDER",
        "YOUR_JWT_SECRET",
        "your-secret-key",
        "TODO-set-this",
        "TODO",
        "FIXME",
        f"FIXME-{HEX}",
        "replace_with_a_strong_value",
        f"replace_with_{HEX}",
        "insert-jwt-secret-here",
        "example-jwt-only",
        f"dummy-{HEX}",
        "notasecretatall",
        "not-a-real-secret-at-all",
        "mysecretpassword",
        "password1234",
        "P@ssw0rd1234!",
        "1234567890123456",
        "abcdefghijklmnop",
        "qwertyuiopasdfghjkl",
        "0123456789abcdef" * 4,
        "test-jwt-secret-key-for-testing",
        "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970",
        "your-256-bit-secret",
        "a-string-secret-at-least-256-bits-long",
        "thisisaverylongsecretkeythatnobodycanguess",
        base64.b64encode(b"my-super-secret-password").decode(),
        "password-abababababababab",
        # near misses of what a webhook replaces
        "${vault}",
        "${vault:-secret#one}",
        "${vault:secret/data/heimdall}",
        "${vault:secret/data/heimdall#}",
        "${VAULT:secret/data/heimdall#jwt}",
        "${vault:secret/data/heimdall#jwt}${JWT_SECRET}",
        "${vault:secret/data/heimdall#${JWT_KEY}}",
        "${vault:secret/data/heimdall#jwt-${JWT_KEY}}",
        "vault:secret/data/${STAGE}/heimdall#jwt",
        "********",
        "[REDACTED]",
        "redacted by heimdall-pr",
        "<redacted by heimdall-pr: not for installing>",
        "`openssl rand -hex 64`",
        '{{ default "{}" .Values.jwt }}',
        "openssl rand -hex 64",
        "prefix-$(openssl rand -hex 8)",
        # what MITRE prints: mitre/heimdall2 (manifest.yml.example, tests), mitre/heimdall-helm (docs, values, tests)
        "NewSecurePassword!",
        "different-long-random-string-of-text",
        "secure-db-password",
        "secure-admin-password",
        "secure-password-123",
        "your-secure-password",
        "your-128-character-secret-here",
        "okta-test-jwt-secret-key",
        "inline_jwt_secret_value",
        "inline_jwt_priority_test",
        "value-from-github",
        "github-secret-here",
        "GoodNewsEveryone",
        "ChangeMe@123",
        "Valid_password!",
        "ABCdefG456!@#pT",
        # what we print: docs/ and charts/heimdall/ci/
        "for-tests-only-0-for-tests-only-1-for-tests-only-2-for-tests-only-3",
        "never-a-real-key-0-never-a-real-key-1-never-a-real-key-2-never-a-r",
        "not-a-password-0-not-a-password-1-not-a-password-2-not-a-password-",
        "Tes7-Onl9-Nev3-Rea1-Us",
        "Exa8-Mpl3-Onl7-Her2-Ex",
    ),
    "invisible-character": (
        f" {HEX}",
        f"{HEX} ",
        f"{HEX}\t",
        f"\ufeff{HEX}",
        f"{HEX}\u200b",
        f"{HEX[:9]}\u200b{HEX[9:]}",
        f"\u00a0{HEX}",
        f"{HEX[:9]}\u00a0{HEX[9:]}",
        f"{HEX}\u3000",
        f"{HEX[:9]}\r{HEX[9:]}",
        f"{HEX[:9]}\u00ad{HEX[9:]}",
        f"{HEX}\u202e",
        f"\u2060{HEX}",
        f"\x1b[0m{HEX}",
        f"{HEX}\x7f",
        f"\n{HEX}",
    ),
}
WARNED: dict[str, tuple[str, ...]] = {
    "wrapped-value": (
        f'"{HEX}"',
        f"'{HEX}'",
        f"`{HEX}`",
        f"\u201c{HEX}\u201d",
        f"b'{HEX}'",
        f"{HEX}\\n",
        f"{HEX}\\r\\n",
    ),
    "unresolved-reference": (
        "vault:secret/data/heimdall#JWT_SECRET",
        ">>vault:secret/data/heimdall#JWT_SECRET",
        "bao:secret/data/heimdall#JWT_SECRET",
        "${vault:secret/data/heimdall#JWT_SECRET}",
        "${vault:secret/data/heimdall#jwt_secret#2}",
        "${>>vault:secret/data/heimdall#JWT_SECRET}",
        "${bao:secret/data/heimdall#JWT_SECRET}",
        "${vault:secret/data/heimdall#${.jwt | b64dec}}",
        "v1-${vault:kv/data/a#one}.${vault:kv/data/b#two}",
        "heimdall-jwt@azurekeyvault",
    ),
}
# What each rule must leave alone: near its border, at least two each.
GOOD: dict[str, tuple[str, ...]] = {
    "ciphertext": (
        "ENC-kP3vQ8wZ1xR6yT4aB",
        "AgentKp3vQ8wZ1xR6yT4aBmN5",
        f"{B64[:-2]}--{B64[:10]}",
        "{kP3vQ8}wZ1xR6yT4aBmN5",
    ),
    "unresolved-reference": (
        "v@ult:kP3-vQ8~wZ1.xR6_y",
        "kP#{3Q}8wZ1xR6yT4aBmN5u",
        "_kP3vQ8__wZ1xR6yT4aBmN5",
        "kP3@vQ8@wZ1xR6yT4aBmN5u",
        "nullable-otter-volcano-sprint",
        "module.apple.river.stone",
        "ref-kP3vQ8wZ1xR6yT4aBmN5",
        "Nonesuch7-otter-Volcano",
        "(kP3vQ8wZ1xR6yT4aBmN5u)",
    ),
    "not-a-password": (
        "kP3=vQ8wZ1xR6yT4aBmN5u",
        "/kP3vQ8/wZ1xR6yT4aBmN5u",
        "{kP3vQ8=wZ1xR6:yT4aBmN5",
        "[kP3vQ8wZ1xR6yT4aBmN5u]",
        "{'lVZ+}O)_8(d(gx#WI\"wRb}",
        '["kP3vQ8wZ1xR6yT4aBmN5u]',
    ),
    "placeholder": (
        "correct horse battery staple",
        "correct-horse-battery-staple",
        "clever-otter-secret-volcano",
        "sample-default-otter-volcano-sprint",
        "Admin_4f81c09b7d2e635a",
        "Change-Melon-Orchid-Gecko3",
        "change-itinerary-otter-volcano",
        "change thistle otter volcano",
        "Fix-Melody-Orchid-Gecko3",
        "ChangeMelonFabricGalaxyAvenue",
        "changeItemFabricGalaxyAvenue",
        "Example-Feather-That-Acid1",
        "kP3password-vQ8wZ1xR6yT4",
        "todorov-otter-volcano-sprint",
        "<kP3vQ8+wZ1xR6=yT4aBmN5>",
        "a$(kP3)vQ8wZ1xR6yT4aBmN5",
        "a${k+3}vQ8wZ1xR6yT4aBmN5",
        "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5971",
    ),
    "invisible-character": ("correct horse battery staple", "\u00e9\u4e2d\u6587kP3vQ8wZ1xR6yT4aB", f"{HEX}\n{HEX}"),
    "wrapped-value": (f"'{HEX}", f'{HEX}"', f"kP3'{HEX}'", f"{HEX}\\n4"),
}
WORD_LIST = (
    "abacus abdomen abide ability ablaze abrasive absurd accent acid acorn acre acrobat affidavit agenda agile aim "
    "ajar alarm album almanac ambush amulet anchor antidote anvil apple apricot arena armory atlas atom avenue axis "
    "bacon badge bagel ballot banjo barber basin battery beacon belt bicycle bishop blanket blender blossom bobcat "
    "boulder bracelet breeze bronze bucket buffalo bundle cabin cactus camera candle canyon captain carbon castle "
    "cedar change chapel chisel cinema citrus clever cliff clover cobalt comet copper coral correct cosmic cradle "
    "crater cricket cruise crystal cupid dagger decade denim desert dinosaur domino dragon drizzle eagle easel "
    "eclipse elbow ember engine fabric falcon feather fiddle flannel forest fossil galaxy garlic gecko geyser "
    "ginger glacier gondola granite guitar hammer harbor hazel helmet hermit horizon horse iceberg igloo iris "
    "island ivory jackal jasmine jigsaw juniper kayak kernel kettle kiwi koala ladder lagoon lantern lemon lilac "
    "lizard lunar magnet mango maple marble meadow melon mosaic mustang napkin nectar nickel nomad oasis ocean "
    "olive onion orbit orchid otter oxygen paddle panther parrot pebble pepper pilot planet plaza pollen prism "
    "puzzle quartz quiver rabbit raven ribbon river rocket saddle salmon satin scarf shadow silver sketch spruce "
    "staple stone sunset tango temple thunder tiger tomato topaz tulip tunnel turtle twilight unicorn urban valley "
    "vanilla velvet violin volcano walnut whisper willow window winter yogurt zebra zeppelin zigzag"
)
# Those of the EFF's large list (7,776 words) that the measure knows, too: five times as often as there.
KNOWN_LIST = "data default empty example module never only password random replace sample secret that unknown value"
WORDS, KNOWN = WORD_LIST.split(), KNOWN_LIST.split()
SAFE = string.ascii_letters + string.digits
SYMBOLS = SAFE + string.punctuation
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def good(count: int, seed: int = 20261126) -> Iterator[str]:
    """So many good values, the same for a seed: what documented recipes, managers and libraries make, in turn."""
    chance = random.Random(seed)  # noqa: S311  # no secret is made
    makers = list(_makers(chance))
    for number in range(count):
        yield makers[number % len(makers)]()


def _makers(chance: random.Random) -> Iterator[Callable[[], str]]:
    def of(letters: str, *lengths: int) -> Callable[[], str]:
        return lambda: "".join(chance.choices(letters, k=chance.choice(lengths)))

    def words(*counts: int) -> list[str]:
        return [chance.choice(KNOWN if chance.random() < 0.01 else WORDS) for _ in range(chance.choice(counts))]

    def data(*lengths: int) -> bytes:
        return chance.randbytes(chance.choice(lengths))

    yield lambda: data(16, 20, 32, 33, 64).hex()  # openssl rand -hex
    yield lambda: f"Admin_{data(8).hex()}"  # the documented recipe
    yield lambda: base64.b64encode(data(24, 32, 33, 48, 64)).decode()  # openssl rand -base64
    yield lambda: base64.urlsafe_b64encode(data(24, 32, 48)).decode().rstrip("=")  # secrets.token_urlsafe
    yield lambda: str(uuid.UUID(bytes=data(16), version=4))
    yield lambda: "01" + "".join(chance.choices(CROCKFORD, k=24))  # ULID
    yield lambda: _jwt(data)
    yield of(SAFE, 16, 20, 24, 32, 64)  # Bitwarden, RandomPassword of AWS without punctuation
    yield of(SYMBOLS, 16, 20, 24, 32, 40)  # KeePassXC, 1Password, pwgen -sy
    yield of(f"{SAFE}!@#$%^&*", 14, 16, 20)  # Bitwarden with its symbols
    yield of(f"{SAFE}-._~", 22)  # heimdall-pr generate
    yield of(string.ascii_lowercase + string.digits, 20, 32)
    yield of(string.ascii_lowercase, 20, 26)
    yield lambda: "-".join("".join(chance.choices(SAFE, k=6)) for _ in range(3)) + "!"  # iCloud Keychain
    yield lambda: chance.choice("- ._").join(words(4, 5, 6, 7))  # diceware, 1Password
    yield lambda: "-".join(word.capitalize() for word in words(4)) + str(chance.randrange(10))  # Bitwarden
    yield lambda: "".join(word.capitalize() for word in words(5))


def _jwt(data: Callable[..., bytes]) -> str:
    head = json.dumps({"alg": "HS256", "typ": "JWT"}).encode()
    parts = (head, json.dumps({"sub": data(6).hex()}).encode(), data(32))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
