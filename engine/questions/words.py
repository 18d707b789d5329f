"""The words that questions about live state are made of. What is not here, and no name or value of the workspace,
is not understood, and then there is no answer.
"""

from __future__ import annotations

from typing import Any

from engine.model.run import RunStatus
from engine.model.unified import UNIFIED
from engine.questions.lexeme import Part

Entry = tuple[Part, Any]

_TYPE_WORDS: dict[str, str] = {
    "server": "vm machine host instance box node virtual_machine virtual_server",
    "network": "net vpc vnet private_network",
    "subnet": "subnetwork sub-network",
    "firewall": "security_group",
    "ssh_key": "keypair key_pair ssh-key",
    "volume": "disk drive block_device data_disk block_volume",
    "floating_ip": "elastic_ip reserved_ip static_ip fip floating_address floating_ip_address",
    "load_balancer": "loadbalancer lb balancer load-balancer",
}
_SAID: dict[Part, dict[Any, str]] = {
    Part.ASK: {
        "what": "what|which|whats",
        "list": "list|show|show me|display|give me|get|find|find me|tell me|print|enumerate|view|see"
        "|list out|look up|i want to see|i need to see|let me see|name",
        "about": "tell me about|describe|give me details of|details of|details on|details about|information about"
        "|information on|info on|info about|inspect|report on|give me the details of|the details of",
        "count": "how many|count|count of|number of|the number of|what number of|total number of|amount of"
        "|the count of",
        "exists": "is there|are there|is there any|are there any|do we have|do we have any|have we got|do i have"
        "|do i have any|have i got|is there still|do any|does any|did any|have any|has any|any|is any|are any|was any"
        "|were any|were there|was there|were there any|was there any|exist|exists",
        "who": "who|whom|by whom|whose",
        "when": "when|at what time|what time|since when|on what date",
        "why": "why|what went wrong|what went wrong with|what went wrong in|what is wrong with|reason for"
        "|the reason for"
        "|what caused|what made|how come|cause of|the cause of|for what reason",
        "where": "where",
        "how long": "how long|how much time|duration of|the duration of",
        "how far": "how far|progress|progress of|the progress of|how far along",
        "how much": "how much",
        "outcome": "what happened in|what happened to|what happened with|what happened during|what became of|how did"
        "|outcome of|the outcome of|result of|the result of|how is",
    },
    Part.DO: {"do": "do|does|did"},
    Part.ARTICLE: {"a": "a|an"},
    Part.DEFINITE: {"the": "the|our|my|these|those|all|all the|all of the|all our|all my|every|each of the|this"},
    Part.RESOURCE: {"resource": "resource|resources|object|objects|things|thing|item|items|asset|assets|everything"
        "|infrastructure",
        "any": "anything|something"},
    Part.RUN: {"run": "run|runs|deployment|deployments|apply run|rollout|rollouts"},
    Part.PLAN: {"plan": "plan|plans|proposal|proposals|proposed change|proposed changes"},
    Part.STEP: {"step": "step|steps"},
    Part.ERROR: {"error": "error|errors|failure|failures|error code|error codes|error message|error messages"},
    Part.CHANGE: {"change": "change|changes|modification|modifications"},
    Part.WORKSPACE: {"workspace": "workspace|workspaces"},
    Part.SERIAL: {"serial": "serial|state serial|serial number|state version|state serial number"},
    Part.FOLDER: {"folder": "folder|path|directory"},
    Part.DRIFT: {
        "noun": "drift|drifts|finding|findings",
        "verb": "drifted|drifting|out of sync|out-of-sync|changed outside groundplan|changed outside of groundplan"
        "|changed behind our back",
    },
    Part.CHECK: {"check": "check|checks|checked|check for|checked for|look for|looked for"},
    Part.LOOSE_END: {"loose": "loose end|loose ends|unanswered create|unanswered creates|dangling create"},
    Part.SETTING: {"setting": "setting|settings|configuration|config|configured settings|option|options"},
    Part.HISTORY: {"history": "history|past|audit trail|change history|changelog"},
    Part.FIELD: {
        "address": "ip|ips|ip address|ip addresses|address|addresses|private ip|private ips|private address"
        "|private addresses|private ip address|internal ip",
        "public_address": "public ip|public ips|public address|public addresses|public ip address|public ip addresses"
        "|external ip",
        "size": "size|sizes|capacity|how big|how large|instance type|machine type|server size|plan size",
        "image": "image|images|operating system|operating systems|os|distribution|distro|os image",
        "region": "region|regions|zone|zones|location|locations|datacenter|datacenters|data center",
        "mount": "mount|mount point|mount points|mountpoint|mounted",
        "cidr": "cidr|cidrs|range|ranges|address range|address ranges|ip range|ip ranges|cidr range|network range"
        "|address space|cidr block",
        "gateway": "gateway|gateways",
        "id": "id|ids|object id|cloud id|provider id|object ids|cloud ids|identifier",
        "cpu": "cpu|cpus|cores|vcpu|vcpus|cpu count|cpu cores",
        "memory": "memory|ram",
        "disk": "disk size|disk space|disk capacity|root disk",
        "status": "status|statuses|state|current status|current state",
        "labels": "labels|tags",
        "provider": "provider|providers|cloud|clouds",
        "type": "type|types|kind|kinds|resource type|resource types",
        "device": "device|device path|block device path",
        "filesystem": "filesystem|file system|filesystems",
        "fingerprint": "fingerprint|fingerprints",
        "ssh": "ssh|ssh address|ssh endpoint|ssh port|ssh host",
        "listeners": "listener|listeners|listening ports",
        "rules": "rule|rules|open ports|allowed ports|firewall rules",
        "lineage": "lineage|origin",
    },
    Part.STATUS: {
        RunStatus.FAILED: "failed|fail|failing|unsuccessful|broken|broke|fails|went wrong|in error",
        RunStatus.SUCCEEDED: "succeeded|succeed|successful|successfully|passed|went well|worked|without errors",
        RunStatus.QUEUED: "queued|in the queue|enqueued",
        RunStatus.RUNNING: "running|in progress|in flight|active|executing|ongoing|under way|underway|at work"
        "|going on|being applied",
        RunStatus.CANCELLED: "cancelled|canceled|aborted|was stopped",
        RunStatus.ROLLED_BACK: "rolled back|undone|reverted",
        "over": "finished|ended|over|completed|complete|done|finish|end",
        "alive": "unfinished|not finished|not over|still going|incomplete",
        "pending": "pending|waiting|awaiting confirmation|awaiting approval|waiting for confirmation|unconfirmed"
        "|waiting for approval|waiting to be confirmed|waiting for a confirmation|to be confirmed|open|outstanding"
        "|awaiting a confirmation|not confirmed yet|not yet confirmed|waiting for someone to confirm"
        "|need confirmation|needs confirmation|need approval|needs approval",
        "declined": "declined|rejected|refused|turned down",
        "expired": "expired",
        "planning": "planning|being planned",
    },
    Part.LAST: {"last": "last|latest|most recent|most recently|newest|recent|recently|lately|previous"},
    Part.FIRST: {"first": "first|oldest|earliest"},
    Part.EXTREME: {
        "largest": "has the most|have the most|with the most|the most|largest|biggest|most powerful|greatest",
        "smallest": "smallest|tiniest",
        "dearest": "the most expensive|most expensive|costliest|dearest|priciest",
        "cheapest": "the least expensive|cheapest|least expensive",
    },
    Part.COMPARED: {
        "more": "larger than|bigger than|more than|greater than|over|above|exceeding",
        "least": "at least|or more|no less than|not less than",
        "less": "smaller than|less than|under|below|fewer than",
        "most": "at most|no more than|not more than|up to",
    },
    Part.NOT: {
        "not": "not|no|without|without a|without an|without any|with no|have no|has no|do not have|does not have"
        "|do not have a|does not have a|do not have any|does not have any|lacking|lack|lacks|missing|is not|are not"
        "|isn't|aren't|don't have|doesn't have|don't have a|doesn't have a|do not|does not|don't|doesn't|have not"
        "|don't have any|doesn't have any|that have no|which have no|not have|not have a|not have any",
        "untied": "unattached|detached|unassigned|unused|free",
        "unlabelled": "unlabelled|unlabeled|untagged|not labelled|not labeled|not tagged|are not labelled"
        "|are not labeled|are not tagged",
    },
    Part.WITH: {"with": "with|owns|having|that have|which have|has|have|had|that has|which has|using"},
    Part.AND: {"and": "and|as well as|plus|along with", "or": "or"},
    Part.GROUP: {"by": "per|grouped by|group by|broken down by|by each|for each|in each|of each|split by|by|each"},
    Part.TOTAL: {"total": "total|sum|altogether|in total|overall|combined|all together|sum of|total of"},
    Part.COST: {
        "month": "cost|costs|price|prices|spend|spending|pay|paying|bill|monthly cost|monthly price|monthly bill"
        "|monthly costs|cost per month|price per month|costing|expense|expenses|monthly spend|cost a month"
        "|costs a month",
    },
    Part.SET_TO: {"set": "set to|set|value of|the value of|current value of|configured|in force|value|current value"},
    Part.DEPENDS: {
        "verb": "depends on|depend on|depending on|needs|need|requires|require|relies on|rely on|uses|use|depend"
        "|depends|refers to|refer to|that need|references|reference",
        "passive": "is needed by|are needed by|needed by|is required by|required by|is used by|are used by|used by"
        "|is referenced by|referenced by|depended on by|is depended on by",
        "in": "dependents|dependents of|dependants|dependants of|users of|downstream of|consumers of",
        "out": "dependencies|dependencies of|prerequisites of|requirements of|upstream of",
    },
    Part.TIED: {
        "tied": "located in|placed in|hosted in|hosted on|balance|balances|balancing|attached to|attached"
        "|connected to|connected|joined to|joined|in|on|behind|member of|members of"
        "|belong to|belongs to|belonging to|assigned to|assigned|linked to|inside|part of|within|plugged into"
        "|associated with|mounted on|guarded by|guards|guard|protected by|protects|protect|guarding|protecting"
        "|served by|serves|balanced by|attach to|sits behind|sit behind|live in|lives in|answers to|points to|point to"
        "|pointing to|sit in|sits in|are in|is in",
    },
    Part.DIRECT: {"direct": "directly|direct|immediate|immediately"},
    Part.MOVED: {
        "any": "changed|modified|altered|happened|occurred|occur|touched|touch|affected|affect|went on|was done"
        "|were done|moved|has changed|have changed"
        "|happen|took place|got changed|been changed|been done|last changed|last touched|last modified",
        "create": "created|added|built|provisioned|made|create|creation|came up|new|launched|set up|spun up",
        "delete": "deleted|removed|destroyed|torn down|delete|destroy|deletion|remove|removal|disappeared",
        "update": "updated|update|last updated|resized|edited",
        "replace": "replaced|replace|recreated|rebuilt",
        "adopt": "adopted|adopt|imported|taken over",
        "forget": "forgotten|forget|dropped from management",
    },
    Part.CONSENT: {
        "confirm": "confirmed|approved|confirm|approve|signed off|signed off on|said yes to|authorised|authorized"
        "|gave approval for|gave the go-ahead for|accepted|okayed|ok'd",
        "propose": "proposed|propose|asked for|requested|planned|came up with|wrote",
        "start": "started|triggered|kicked off|applied|start|begin|began|begun",
    },
    Part.NAMED: {"named": "named|called|with the name|with name|whose name is|by the name of|name is|going by"},
    Part.LABELLED: {
        "label": "label|labelled|labeled|tag|tagged|with label|with the label|with tag|with the tag|labelled with"
        "|tagged with|labeled with|that carry the label|carrying the label|whose label|labelled as|tagged as"
        "|carry the label|have the label|have label|has the label|have the tag",
    },
    Part.FILLER: {
        "": "of|me|us|it|its|they|them|their|that|there|is|are|was|were|be|been|being|am|we|i|you|to|for|from|at|please"
        "|currently|now|right now|at the moment|at present|presently|today's|so|just|still|existing|recorded|in state"
        "|here|in this workspace|in the workspace|in our workspace|in my workspace|of this workspace|for this workspace"
        "|this workspace|of the workspace|in here|really|actually|yet|already|ever|can you|could you|would you"
        "|will you|can you please|could you please|would you please|hey|hi|hello|ok|okay|and what|also|then|got|get me"
        "|exactly|in the state|live|lives|reside|resides|sit|sits|located|do you know|i wonder|i'd like to know"
        "|i would like to know|i want to know|as|per month"
        "|a month|monthly|each month|under management|managed|by groundplan|in groundplan|with groundplan|in detail"
        "|in full|deployed|recorded for|on record|tell|some|own|go|come|take|took|gone|happening|up|out|list of"
        "|a list of|the list of|an overview of|overview of",
    },
    Part.STOP: {
        "": "how do|how to|how can|how should|how would|how could|how might|how does|how must|how are|how i|should"
        "|can i|can we|may i|must i|could i|could we|would it|what is a|what is an|what does a|what does an|what are"
        " the steps|what if|what would|what should|what can|what could|what will|will|would|could|might|best way"
        "|best practice|why would|why should|why does a|why do|when does a|when do|when should|who can|who may"
        "|who should|where do|where can|where should|example|examples|difference|mean|means|meaning|definition"
        "|instead|possible|recommend|work|works|support|supported|supports|default|defaults|sample|what does the",
    },
}  # fmt: skip
SIZES = frozenset(["tiny", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge"])
SYSTEMS = frozenset(["debian", "ubuntu", "rocky", "alma", "alpine", "fedora", "centos"])
CODES = frozenset(
    [
        "quota",
        "rate_limit",
        "capacity",
        "conflict",
        "transient",
        "plan_stale",
        "lease_lost",
        "provider_error",
        "internal",
    ]
)


_UNTIED = ("attached", "attached to anything", "attached to a server", "attached to any server", "assigned", "in use",
           "assigned to any server", "assigned to a server", "used", "used by anything")  # fmt: skip
# A sentence that begins with one of these gives an order, and orders are not for questions.
ORDERS = frozenset(
    {
        "create", "delete", "remove", "destroy", "update", "replace", "adopt", "forget", "confirm", "approve", "accept",
        "decline", "reject", "refuse", "start", "begin", "trigger", "resize", "launch", "propose", "cancel", "resume",
        "add", "attach", "detach", "provision", "build", "make", "move", "change", "set", "apply", "stop", "rename",
        "touch", "modify", "import", "edit",
    }
)  # fmt: skip


def _plural(word: str) -> str:
    return f"{word}es" if word.endswith(("x", "s", "sh", "ch")) else f"{word}s"


def _table() -> dict[str, Entry]:
    table: dict[str, Entry] = {}
    for part, meanings in _SAID.items():
        for value, phrases in meanings.items():
            table.update(dict.fromkeys(phrases.split("|"), (part, value)))
    for lead in ("not", "is not", "are not", "aren't", "isn't", "that are not", "which are not"):
        table.update({f"{lead} {state}": (Part.NOT, "untied") for state in _UNTIED})
    for type_ in UNIFIED:
        for word in (type_, *_TYPE_WORDS.get(type_, "").split()):
            for said in (word, word.replace("_", " ")):
                table[said] = table[_plural(said)] = (Part.TYPE, type_)
    return table


PHRASES = _table()
LONGEST_PHRASE = max(phrase.count(" ") for phrase in PHRASES) + 1


def named(type_: str, count: int) -> str:
    """`2 load balancers`."""
    word = type_.replace("_", " ").replace(" ip", " IP").replace("ssh", "SSH")
    return f"{count:,} {word if count == 1 else _plural(word)}"


def plural(type_: str) -> str:
    return named(type_, 2).partition(" ")[2]
