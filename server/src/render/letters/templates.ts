// The built-in templates of letters and of the worksheet, in Liquid; what they write is Markdown. A plan may put its own in their place.

const ABOUT = `{% if policy.plan != "" %}**{{ policy.plan }}**

{% endif -%}
| | |
| --- | --- |
| Request | {{ case }} |
| Service | {% if requested.size > 0 %}{{ requested | join: "; " }}{% else %}{{ service }}{% endif %} |
| Date of service | {{ date }} |
| Policy | {{ policy.title }}{% if policy.number != "" %}, number {{ policy.number }}{% endif %}{% if policy.effective != "" %}, in effect from {{ policy.effective }}{% endif %} |
`;

const RULES = `{%- for rule in statement.rules %}
{%- assign whole = false -%}
{%- if rule.level == 0 and rule.section == statement.section %}{% assign whole = true %}{% endif -%}
{%- unless whole %}
{{ rule.indent }}- {% if rule.level == 0 and rule.under.size > 0 %}{{ rule.under | join: ", " }}: {% endif %}{% if rule.level == 0 %}**{{ rule.words }}**{% else %}{{ rule.words }}{% endif %}
{%- if rule.asks != "" and rule.level == 0 and rule.because == "" %}{% unless rule.words contains "these" %} ({{ rule.asks }}){% endunless %}{% endif %}
{%- if audience == "provider" and rule.level > 0 %} (section {{ rule.section | replace: ".*", ", item " }}){% endif -%}
{%- if rule.level == 0 %} (section {{ rule.section | replace: ".*", ", item " }} of the policy){% endif -%}
{%- if rule.because == "exception" %}. The policy makes an exception here{% if rule.outcome == "not known" %}, and we do not know if it applies{% else %}, and it applies{% endif %}.
{%- elsif rule.because == "waiver" %}. The policy waives this here.
{%- elsif rule.because == "must not be" %}. The record shows one of these, and the policy says that there must be none.
{%- elsif rule.outcome == "left to a clinician" and rule.asks != "" %}. Nothing on this list fits so far. The list is not complete, so a clinician decides if something else counts.
{%- endif -%}
{%- endunless -%}
{%- if rule.asks != "" and rule.record.size > 0 and whole == false %}
{{ rule.indent }}  - What the record says:
{%- endif -%}
{%- for answer in rule.record %}
{{ rule.indent }}{% if rule.asks != "" and whole == false %}  {% endif %}{% unless whole %}  {% endunless %}- {% if answer.entries.size > 0 %}{{ answer.question }}:{% else %}{{ answer.text }}{% endif %}{% for each in answer.evidence %} (found in: {{ each.text }}){% endfor %}
{%- for entry in answer.entries %}
{{ rule.indent }}{% if rule.asks != "" and whole == false %}  {% endif %}{% unless whole %}  {% endunless %}  - {{ entry }}
{%- endfor -%}
{%- endfor -%}
{%- if audience == "provider" or kind != "pend" -%}
{%- for gap in rule.lacking %}
{{ rule.indent }}{% unless whole %}  {% endunless %}- Not in the record: {{ gap.question }}{% if gap.unobtainable %}{% assign end = gap.question | slice: -1 %}{% unless end == "?" %}.{% endunless %} This could not be obtained{% if gap.reason != "" %}: {{ gap.reason }}{% endif %}.{% endif %}
{%- endfor -%}
{%- endif -%}
{%- endfor %}
`;

const STATEMENT = `The policy says: {{ statement.words }}{% if statement.when != "" %} when {{ statement.when }}{% endif %} (section {{ statement.section }} of the policy).
{%- if audience == "member" and statement.says == "investigational" %} “Investigational” means that there is not enough proof yet that it helps.{% endif -%}
`;

const BELOW = `{%- assign says = false -%}
{%- for rule in statement.rules %}{% if rule.record.size > 0 %}{% assign says = true %}{% endif %}{% endfor -%}
{%- if says %}{% if statement.rules.size > 1 %}Under each rule is what the record says.{% elsif statement.rules[0].section == statement.section %}The record says:{% else %}Under it is what the record says.{% endif %}{% endif -%}
`;

const SOURCES = `## Where this comes from

{% if statements.size > 0 -%}
- Policy “{{ policy.title }}”{% if policy.number != "" %}, number {{ policy.number }}{% endif %}, {% if statements.size == 1 %}section{% else %}sections{% endif %} {% for statement in statements %}{{ statement.section }}{% unless forloop.last %}, {% endunless %}{% endfor %}
{%- else -%}
- Policy “{{ policy.title }}”{% if policy.number != "" %}, number {{ policy.number }}{% endif %}
{%- endif -%}
{%- for source in sources %}
- The policy cites: {{ source.text }}
{%- endfor %}
`;

const APPROVE = `# Notice of approval

{% include "about" %}
## What was decided

{% if audience == "member" -%}
This request is approved. It meets the rules of our policy.
{%- else -%}
This request is approved. The record meets the criteria of the policy.
{%- endif %}

{% if approval -%}
{% if approval.duration != "" %}The approval lasts {{ approval.duration }}{% if approval.until != "" %}, through {{ approval.until }}{% endif %}. {% endif %}
{%- if approval.quantities.size > 0 %}It has {% if approval.quantities.size == 1 %}a limit{% else %}limits{% endif %}:
{% for quantity in approval.quantities %}
- {{ quantity }}
{%- endfor %}
{% endif %}
{%- endif %}

## Why
{% for statement in statements %}
{% include "statement" %}{% if statement.rules.size > 0 %} The record meets {% if statement.rules.size == 1 %}this rule{% else %}these rules{% endif %}. {% include "below" %}
{% include "rules" %}{% endif %}
{% endfor %}
{% include "sources" %}
## What happens next

{% if audience == "member" -%}
You can get this service. Please talk with your care team about the next visit.
{%- else -%}
The service can be given as requested. If the request changes, please send it to us again.
{%- endif %}
`;

const PEND = `# We need more information

{% include "about" %}
## What was decided

{% if audience == "member" -%}
We have not decided yet. Some answers are missing. This does not mean no.
{%- else -%}
This request waits for information. It is neither approved nor turned down.
{%- endif %}

## What we need
{% assign shown = 0 -%}
{%- for gap in needed %}
{%- unless gap.first %}{% if shown == 0 %}

If those answers are not enough, these may matter too:
{% assign shown = 1 %}{% endif %}{% endunless %}
{{ forloop.index }}. {{ gap.question }}
{%- if audience == "provider" and gap.sections.size > 0 %} ({% if gap.answers.size > 2 %}{{ gap.answers | join: ", " }}; {% endif %}{% if gap.sections.size == 1 %}section{% else %}sections{% endif %} {% for section in gap.sections limit: 4 %}{{ section | replace: ".*", ", item " }}{% unless forloop.last %}; {% endunless %}{% endfor %}{% if gap.sections.size > 4 %} and others{% endif %}){% endif %}
{%- if gap.unobtainable %}{% assign end = gap.question | slice: -1 %}{% unless end == "?" %}.{% endunless %} We were told that this could not be obtained{% if gap.reason != "" %}: {{ gap.reason }}{% endif %}. If that has changed, please tell us.{% endif %}
{%- endfor %}

{% assign open = 0 %}{% for gap in needed %}{% unless gap.unobtainable %}{% assign open = 1 %}{% endunless %}{% endfor -%}
## Why we need it
{% for statement in statements %}
{% include "statement" %}{% if statement.rules.size > 0 %} We do not know yet about {% if statement.rules.size == 1 %}this rule{% else %}these rules{% endif %}. {% include "below" %}
{% include "rules" %}{% endif %}
{% endfor %}
{% include "sources" %}
## What happens next

{% if open == 0 -%}
We know that these answers cannot be had. So a clinician will look at the request without them. If you do find them, please send them.
{%- elsif audience == "member" -%}
Your care team can send us the answers. You can ask them to do so. When we have the answers, we look at the request again. We will write to you.
{%- else -%}
Please send the parts of the record that answer these questions. When we have them, we look at the request again.
{%- endif %}
`;

const REFER = `# A clinician will look at this request

{% include "about" %}
## What was decided

{% if audience == "member" -%}
There is no final decision yet. A clinician will look at the request. This letter says why.
{%- else -%}
This is not a final decision. A first review could not approve the request, so a clinician has to look at it.
{%- endif %}

## Why

{% case cause -%}
{%- when "not in force" -%}
The policy is not in effect on the date of service.{% if policy.effective != "" %} It is in effect from {{ policy.effective }}{% if policy.ends != "" %} to {{ policy.ends }}{% endif %}.{% endif %} The date of service is {{ date }}.
{%- when "not covered by the statements" -%}
No part of the policy says when a request like this one is medically necessary. That does not mean that it is not: a clinician has to look.
{%- when "limited" -%}
The policy has a rule about this service, and the record fits that rule.
{%- when "open list" -%}
The record does not fit any rule that the policy names. But the policy says that its list is not complete. So a clinician decides if something else counts.
{%- else -%}
The record does not show what the policy asks for.
{%- endcase %}
{% for statement in statements %}
{% include "statement" %}{% if statement.rules.size > 0 %} The record {% if statement.outcome == "met" %}fits{% else %}does not meet{% endif %} {% if statement.rules.size == 1 %}this rule{% else %}these rules{% endif %}. {% include "below" %}
{% include "rules" %}{% endif %}
{% endfor %}
{% include "sources" %}
## What happens next

{% if audience == "member" -%}
A clinician will read the request and the record. You do not have to do anything now. If your care team knows more, they can send it to us. We will write to you about the decision.
{%- else -%}
A clinician reads the request and the record, and decides. If there is more in the record that bears on these rules, please send it now. You can also ask to talk with the clinician.
{%- endif %}
`;

const NONE = `# Our policy does not speak of this request

{% include "about" %}
## What was decided

{% if audience == "member" -%}
There is no decision yet. This policy has no rule for a request like this one, neither for it nor against it. Another policy may have one.
{%- else -%}
There is no decision. No statement of this policy applies to the request: it says nothing for it or against it. Another policy may apply.
{%- endif %}

{% include "sources" %}
## What happens next

{% if audience == "member" -%}
We will look for the policy that fits. You do not have to do anything now. We will write to you.
{%- else -%}
Please check that the request names the right service, the right kind of request and the right health plan product. We look for the policy that applies.
{%- endif %}
`;

const WORKSHEET = `# Reviewer’s worksheet

| | |
| --- | --- |
| Policy | {{ policy.title }}{% if policy.number != "" %}, {{ policy.number }}{% endif %}{% if policy.effective != "" %}, effective {{ policy.effective }}{% endif %}{% if policy.ends != "" %}, ends {{ policy.ends }}{% endif %} |
| Case | {{ case }} |
| Date of service | {{ date }} |
{%- if request.codes.size > 0 %}
| Requested codes | {{ request.codes | join: ", " }} |
{%- endif %}
{%- if request.line != "" %}
| Line of business | {{ request.line }} |
{%- endif %}
{%- if request.pathway != "" %}
| Pathway | {{ request.pathway }} |
{%- endif %}
| Outcome | **{{ determination }}** |

{{ reason }}

{% for remark in remarks -%}
- {{ remark }}
{% endfor -%}
{%- if approval %}
{% if approval.duration != "" %}Approval for {{ approval.duration }}{% if approval.until != "" %}, through {{ approval.until }}{% endif %}. {% endif %}{% if approval.quantities.size > 0 %}Limits: {{ approval.quantities | join: "; " }}.{% endif %}
{% endif -%}
{%- if missing.size > 0 %}
## Missing
{% for gap in missing %}
- [ ] {{ gap.question }}{% if gap.sections.size > 0 %} ({{ gap.sections | join: ", " }}){% endif %}{% if gap.unobtainable %}. Could not be obtained{% if gap.reason != "" %}: {{ gap.reason }}{% endif %}.{% endif %}
{%- endfor %}
{% endif %}
{% for statement in statements %}
## {{ statement.section }}. {{ statement.words }}

Outcome: **{{ statement.outcome }}**{% if statement.scope != "" %} ({{ statement.scope }}){% endif %}
{% if statement.rows.size > 0 %}
| Criterion | Words | Outcome | Why | Record and evidence | Reviewer |
| --- | --- | --- | --- | --- | --- |
{%- for row in statement.rows %}
| {% unless row.group %}{{ row.section }}{% endunless %} | {{ row.words }}{% for note in row.notes %}. Note: {{ note }}{% endfor %}{% if row.sources.size > 0 %} [{% for source in row.sources %}{{ source.number }}{% unless forloop.last %}, {% endunless %}{% endfor %}]{% endif %} | {% case row.outcome %}{% when "met" %}✓ {% when "not met" %}✗ {% when "does not apply" %}– {% else %}? {% endcase %}{{ row.outcome }} | {{ row.why | join: "; " }} | {% for answer in row.record %}{{ answer.text }}{% for each in answer.evidence %} [{{ each.text }}]{% endfor %}{% unless forloop.last %}; {% endunless %}{% endfor %}{% for gap in row.lacking %}{% if row.record.size > 0 or forloop.index > 1 %}; {% endif %}{% if gap.unobtainable %}could not be obtained{% if gap.reason != "" %} ({{ gap.reason }}){% endif %}{% else %}not given{% endif %}: {{ gap.question }}{% endfor %} | |
{%- endfor %}
{% endif %}
{% endfor %}
{% if sources.size > 0 -%}
## Sources
{% for source in sources %}
- \\[{{ source.number }}\\] {{ source.text }}
{%- endfor %}
{% endif %}

## Review

| Decision | Reviewer | Signature | Date |
| --- | --- | --- | --- |
| | | | |

Notes:

| |
| --- |
| |
| |
| |
`;

/** The built-in templates by name. A letter takes the one of its kind; the others are parts of it. */
export const TEMPLATES: Readonly<Record<string, string>> = { approve: APPROVE, pend: PEND, refer: REFER, none: NONE, about: ABOUT, statement: STATEMENT, rules: RULES, below: BELOW, sources: SOURCES, worksheet: WORKSHEET };
