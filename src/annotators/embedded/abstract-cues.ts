/** What the author of a study writes, whatever it is about: how people or animals came to it, what was done to them, what was looked at. */
export const ABSTRACT_CUES: Readonly<Record<string, RegExp>> = {
  randomized: /\brandom(?:i[sz]ed|ly (?:assigned|allocated|divided)|i[sz]ation)\b/iu,
  blind: /\b(?:double|single|triple).(?:blind|mask)\w*|\bplacebo\b/iu,
  sham: /\bsham\b/iu,
  open: /\bnon.?randomi[sz]ed\b|\bopen.label\b|\buncontrolled\b/iu,
  trial: /\b(?:clinical|controlled|pilot|phase (?:[1-4]|i{1,3}v?)) trial\b/iu,
  retrospective: /\bretrospective(?:ly)?\b|\bmedical records?\b|\bchart review\b/iu,
  cohort: /\bcohorts?\b|\bcross.sectional\b|\bcase.control\b|\bprospective(?:ly)?\b|\bfollow.?up\b/iu,
  survey: /\bquestionnaires?\b|\bsurvey\w*|\binterviews?\b|\bself.report\w*/iu,
  association: /\bassociat(?:ed|ions?) (?:with|between)\b|\bcorrelat\w+|\brisk factors?\b|\bodds ratio\b|\bregression\b/iu,
  frequency: /\bprevalence\b|\bincidence\b|\bepidemiolog\w+|\bpopulation.based\b|\blongitudinal\b|\btwins?\b|\bcomorbid\w*/iu,
  measured:
    /\b(?:polymorphisms?|genotyp\w*|alleles?|mutations?|(?:serum|plasma) levels?|biomarkers?|sensitivity and specificity|diagnos\w+ accuracy|f?mri|eeg|pet|imaging|validity|reliability|psychometric)\b/iu,
  treated: /\b(?:treated with|treatment with|received|underwent|administ\w+|therap(?:y|ies) (?:with|for|in)|intervention)\b/iu,
  undergone: /\bwere (?:treated|given|administered|operated|managed|vaccinated|randomi[sz]ed)\b|\breceiving\b/iu,
  dose: /\b\d+(?:\.\d+)?\s?(?:mg|µg|microg|mcg|g)(?:\/(?:kg|day|d))?\b/iu,
  kilogram: /\bmg(?:\/|\s)kg\b|\bi\.p\.|\bintraperitoneal\w*/iu,
  surgery: /\b(?:surg\w+|operat\w+|resect\w+|stent\w*|implant\w*|transplant\w*|\w+ectomy|\w+otomy|stimulation|radiotherap\w*|embolization|an(?:a?)esth\w*)\b/iu,
  programme:
    /\b(?:training|rehabilitation|exercise|program(?:me)?s?|psychotherap\w*|cbt|counsel\w*|education\w*|workshop|vaccin\w*|acupuncture|light therapy|diet\w*|supplement\w*)\b/iu,
  drug: /\b(?:drugs?|medications?|pharmaco\w*|anti(?:depress|psychot|convuls|epilept)\w*|chemotherap\w*|antibiotics?|ssris?|benzodiazep\w*|opioids?|corticosteroids?)\b/iu,
  outcome:
    /\b(?:efficacy|effectiveness|effects? of|impact of|safety|tolerab\w*|outcomes? (?:of|after|following)|response to|improve[ds]?|improvement|remission|relapse|baseline to|after treatment|before and after|adverse events?|side effects?|complications?)\b/iu,
  patients:
    /\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:twen|thir|for|fif|six)ty\S*) (?:\w+ ){0,3}(?:patients|subjects|participants|volunteers|men|women|children|adults|adolescents|individuals)\b/iu,
  aged: /\b(?:an?|the) [\w-]{1,12}[- ](?:year|month|week|day)s?.old\b|\b\d+[- ](?:year|month|week|day)s?.old (?:\w+[- ]){0,3}(?:man|woman|boy|girl|male|female|patient|infant|child)\b/iu,
  case: /\b(?:we (?:report|describe|present)|is (?:reported|described|presented)|case (?:reports?|presentation|series)|a case of|(?:two|three) cases)\b/iu,
  systematic: /\bsystematic(?:ally)? (?:review|search|literature)\w*|\bmeta.analys[ie]s\b|\b(?:medline|embase|cochrane|psycinfo|prisma)\b/iu,
  literature: /\b(?:literature (?:search|review)|review of the literature|searched|eligible studies|included studies|studies were included)\b/iu,
  review:
    /\b(?:(?:this|the present|our) (?:article|paper|chapter|review|overview)|(?:we|authors?) (?:review|discuss|summari[sz]e)|(?:is|are) (?:reviewed|discussed|summari[sz]ed))\b/iu,
  opinion: /\b(?:editorial|commentary|letter|perspective|opinion|guidelines?|policy|history|challenges)\b/iu,
  protocol: /\b(?:will (?:be|include|receive|recruit|undergo|evaluate)|study protocol|trial registration|we aim to)\b/iu,
  rats: /\b(?:rats?|sprague|wistar|long.evans)\b/iu,
  mice: /\b(?:mice|mouse|murine|c57bl\S*|knockout|transgenic)\b/iu,
  animals:
    /\b(?:rabbits?|dogs?|canine|pigs?|piglets?|monkeys?|macaques?|zebrafish|drosophila|elegans|hamsters?|gerbils?|sheep|cats?|chicks?|cow|bovine|animals?)\b/iu,
  cells:
    /\b(?:in vitro|cell lines?|cultured|fibroblasts?|hek.?293|pc12|sh-sy5y|organoids?|ex vivo|transfected|purified|recombinant|binding sites?|assays?)\b/iu,
  slices: /\b(?:slices?|synaptosomes?|homogenates?|membranes?|patch.clamp)\b/iu,
  tissue: /\b(?:post.?mortem|autopsy|brain tissue|biops\w+)\b/iu,
  computed: /\b(?:mathematical|computational|simulations?|algorithms?|machine learning|neural network)\b/iu,
  humans: /\b(?:patients?|participants?|volunteers?|men|women|children|adults|outpatients?|inpatients?)\b/iu,
};
