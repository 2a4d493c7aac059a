// A linear spam filter at work on what you type: the weight of each word, their sum, and what a threshold costs.
import { button, bytes, html, number, readout, slider } from "./parts.js";

// The weights of the model of the lesson (in fiftieths), for its 1,095 most telling words; a word counts once, however
// often it occurs.
const WORDS = `
  a ability about absolutely accept accepted access account act actually ad adam add added address adv advanced
  advantage advertising africa after again against aging ago air all allows almost already also alternative always
  am amazing america american amount an and andor announced another answers any anybody anyone anyway anywhere
  application applications approved apt are around article as ask asking assistance at attempt attention audio aug
  august available b back bank based be beberg because been beer before begin behalf behind being below benefit best
  between big bit bits bliss board body bonus book boss both bottom box brain brand bring brought bug building bulk
  bush business businesses but by c cable call calls came can canada canon cant capital car card cards care
  cartridges case cash cause cd center certainly chance change changes changing charge charges cheap check checked
  checks cheers china chinese choose chris city claims class clear clearly click cnet code collect college com
  combined come comes coming commercial communications community companies company complete compliance computer
  computers conference confidential congratulations contact continues contract contracts control cool copy copyright
  corporate cost could countries country couple course covered create creating credit critical current currently
  customer customers cvs d daily data date dave david day days de dear death debt decided decision default delete
  delivered dell department design desire desktop details development device devices did died difference different
  difficult digital direct directly directory discovered disks display distribution does doesnt doing dollars domain
  dont dr dream drop due during e each earn easier easily easy ebay education effect effective either electronic em
  email emailaddress emails energy england enjoy enter equipment error especially estate etc even events ever every
  everyone everything evidence evil example exchange exercise exmh expect expensive experts express extended extra
  extremely f fact failed false family far fast faster fastest father fax feature federal feedback feel feeling few
  file files fill finally financial find first fix fl flash folder folks for foreign fork form fortune forwarded
  forwardedby found four free friday friend friends from front full fully further future fw fwd g game gary general
  get gets getting gift give given gives giving go god goes going gold good google got government graphics great
  green group groups guaranteed guess guy had hair half hand handle happy hard hardware has have having header
  headers headline headlines health heard hell hello help helped her here hes hey hi his home hope hot hour hours
  how however html huge human hundreds i idea ie if ignore ill im image images img important improve in inc included
  includes including income increase individuals industry info information inside install installed instant instead
  instructions insurance interactive interest interested interesting interface international internet into invest
  investment ip ireland irish is isnt issue it its ive j jim jobs joe jul july june just keep kernel kevin key kind
  know known l lan large last late later latest law lawrence learn leave left legal less let lets letter level life
  like likely limited lines link linux list listed lists live living loan local log long longer longnumber look
  looked looking looks lose loss lot lots love low lower lowest m ma mac machine made mail mailer mailing mailings
  mails maintainer major make makes making male man manage many market marketing markets matter matthias may mba me
  medical member members membership memory men mention mentioned message messages method methods michael might
  military million minute minutes miss missing mobile modified module mon monday money month monthly months more
  mortgage most move movie movies ms much murphy music must my n name named names national nationwide need needed
  negative net network never new news newscom newsletter newsletters next nice no normal norton not note notes
  nothing notice noticed now number obligation october of off offer offers official oh ok old on once one ones
  online only opportunity optin option order original os other otherwise ouch our out outstanding over owners p
  package page pages paid palm part particular partners password past path paul pay paying payment payments pc
  people per perfect performance perhaps perl person pgp phone php picasso pick piece pill plan platform player
  playing please plus pm pocket point points police politics poor popular population position possible post posted
  posting powerful practice premium present press pretty price prices print privacy private probably problem process
  procmail product products professional professionals profit profitable program programs promotion proposal protect
  provides public pudge purchase puts qualify quality question questions quick quickly quite quote r radio ram rate
  rates razor re reach reader ready real really realtime reason receive received receiving recent recently record
  records red redhat refinance regards release released releases reliable remember remote remove removed reply
  report reported repository request require required reserved resources respect response rest result results resume
  retail return review rh rights risk robert rohit root rpm rpms rule rules run running s sa safe safely sale sales
  same satellite saturday save savings saw say says screen script second secret section secure security see seeing
  seem seems seen selection sell selling send sending sent september series server servers service services set
  setting several share she shipping short shot should show shows side sign signed significant similar simple simply
  since sincerely single sir site sites situation slightly so social solaris some someone something somewhere sony
  sort sound sp spam spamassassin spammers speak special speech sponsor standard start started starting state states
  still stock store story strange street strong stuff stupid subject subscribed subscriber subscription such sum
  supposed suse switch symbol system systemworks t tag take taken takes talking targeted tech technology
  teledynamics tell tells term test text than thank thanks that thats the their them then there theres these they
  theyre thing things think thinking this those though thought thousands thread three through thursday tim time
  tired title to today todays together tom tony too took top track trading traffic training transfer tremendous
  trial tried true truth try trying tuesday turn two u uk under understanding unique united unsolicited unsubscribed
  unsubscription until up update updated upgrade urgent url us usa use used useful useless user users uses using
  usually v version versions very via view visit w wait waiting wall want wanted wants was washington watch watching
  way we wealth web weblink website websites wed wedded week weeks weight welcome well went were weve what whatever
  whats when where whether which while who whole why wife will window wireless wish with woman women won wonder wont
  word words work working works world worlds worldwide worth would wouldnt writes writing wrote x ximian yahoo yeah
  year years yes yet you youd young your youre yours yourself zdnet
`
  .trim()
  .split(/\s+/);
const BYTES = new Int8Array(
  bytes(`
    9goICgoECAcF/gb6+PEECvYCBggC+vkE+wQKCgkC+wX2Gg4EBgcB+/r69QQF/P78A/r8C/sDBvz8A/wI8vgI/Pr7CA4CCQj++/0M+gb69/r+
    EgQO+Pn69vz6CAX4BwT6/voK/gzy+gT8DAnlDgwHAvIOCPv3+Ab79gcDB/oS+wj0+wT6/PsEBvwU+Ar2Cgj7+P0FBgT6NvD6/AQGBhz9+gX2
    +BQS+AYE+/kJ+RD4Cgb7+Aj7+AjsCAb4BgsI/BL6BAQH+fYH/frz+vALCggHCAgICvwG+PwG+gf3/Qn8+v4J+v76/AYJ9/z8+Pv+8vgR+/gG
    BPsICwwIEvwJFAX89gQEBQgg/A0E+voODfr8CQQCBQsLCgr8+vgECPwE/PoG+wYEAwT8+Ar+DvwGBwgECQwEBvzy8wwEDAr++AUG+/r8BPoZ
    Bvb2CvgW+ggD/foDBgoGBvoJ9fcGEPz8+vr69/T8+foCEAj3CAr6Cvv07xT79/gF+/38B/z2//74/Pj79goC/Aj7Bwgs+QoK9QoECQcSAvsE
    DvsG7vv99vv38Pz77gQI+P0EEAQSEAQKAgT6+vkK9gYJ+A4I/Pz9EgQEGPb4+Pz2/Pn48QP6+vj47w8EBPr8+v4CBAb6+gIJ+Oz8+gr9+AwI
    EAcL+gwE/Ab2CfQCBvz7BAgF+PwIEA4FCvsMCAgI+g4GBP38+vgPC/wKCfj7CgH0CAb++ggWGgQG+foIBggHChD6C/z68PT7Bvr7BgYKDgf8
    +Pv7Bv0WCgQI/woQ/AYE+vv49gfyCxD7BfYHBQb8/O4GAfv7/vwI/BUEBPzy+wr8BgL4BvftAhAKBvr6/vT7+vwLBhAE/AkE9f72/B77Bw4F
    +QYH/A30Bv0HBvz6/RUHBAb4/gj8B/b0A/z8/PwGCAj++/v4HwX6+vz3/PoF+PwF/PLy+gj7Bgr0+AoE+ggF/Pb6/AkCBAQKChsICggG/Pn5
    +PoI/vj9/AT+CBH3+wgF+MgE+gcK/Ab0CgsGCgQGCvX6BPr6/AgGBgYbFBj8/foUBAT8BP0E+g0GBQX6/Pr6BAT6/fj7/PX29gz6CAgKBPwG
    BAYEBvD0+voDBPz4+Qb4+ff9Bg4GFggK9Pb8+v4C+wUCCPoEA/L8BvoE9vME+hAO/RH8BAoQB/zu/Pr09vT8+Pr8+Or0/PoG+/r7BAT0CBH5
    DPz8/PoJ9PoC+gbs9wr8+vsG/AYJ+Qz8BvYF8vr8DvkO9/b4BvDo8uAK+Pju+ALw+PwF+gT6Avb+/vz69/f2DAgG7Ab8+vz49AMLCgb6BAYH
    BvsMDPz++vr5BPQG/AYOBAT7BPr4/PgG/Av93Pr6+/r4+/L8CPn5A/QGCvwNBAYWCPoGCgz4+QkG/foKBPr8CAYOBfsE/vn1+vT28f3w+Pz+
    +QcQ+/YL+PwN+voC+/kMBgP6+wz2+vr2A/sM/Or9BwMG9iT6BC7+Bhnx
  `).buffer,
);
const WEIGHTS = new Map(WORDS.map((word, i) => [word, BYTES[i] / 50]));
const BIAS = -0.65;
// Of the validation mails, how many reach each threshold (per cent): spam, ordinary good mails, hard good mails.
const REACHED = {
  1: [196, 224, 20],
  2: [196, 176, 19],
  5: [195, 110, 17],
  10: [195, 68, 15],
  15: [194, 43, 13],
  20: [194, 31, 10],
  25: [193, 21, 7],
  30: [191, 13, 7],
  35: [186, 6, 7],
  40: [182, 3, 7],
  45: [181, 2, 6],
  50: [178, 2, 6],
  55: [176, 1, 6],
  60: [174, 0, 4],
  65: [169, 0, 4],
  70: [168, 0, 4],
  75: [163, 0, 4],
  80: [157, 0, 4],
  85: [146, 0, 3],
  90: [130, 0, 3],
  95: [101, 0, 1],
  98: [73, 0, 0],
  99: [56, 0, 0],
};
const TOTALS = [196, 430, 24];
const MAILS = {
  "An offer":
    "Dear friend! Click here to receive your FREE credit report. This offer is guaranteed: " +
    "no money down, and you can be removed from our list at any time. Order today!!!",
  "A colleague":
    "I tried the patch, but the server still drops the file when two users write at once. " +
    "Which version of the kernel did you use? Thanks for looking.",
  "A newsletter":
    "Thank you for your subscription. This week: our best offers on books and music, free " +
    "shipping for members. Click the link to read the latest news, or unsubscribe at any " +
    "time.",
};
const SHOWN = 5;

const cut = (text) => [...text.matchAll(/[A-Za-z]+|[^A-Za-z]+/g)].map(([part]) => part);

/** The weights of the words that occur, the sum with the bias, and the probability that the model gives. */
export function weigh(text) {
  const known = new Map(
    cut(text.replaceAll("'", ""))
      .map((part) => part.toLowerCase())
      .filter((word) => WEIGHTS.has(word))
      .map((word) => [word, WEIGHTS.get(word)]),
  );
  const sum = [...known.values()].reduce((total, weight) => total + weight, BIAS);
  return { known, sum, probability: 1 / (1 + Math.exp(-sum)) };
}

export function mount(stage) {
  let threshold = 50;
  const field = html("textarea", { class: "tok-field", rows: 4, maxlength: 700, oninput: () => draw() });
  field.value = MAILS["An offer"];
  const marked = html("p", { class: "spw-mail" });
  const [against, towards] = [html("ul", { class: "spw-list" }), html("ul", { class: "spw-list" })];
  const needle = html("span", { class: "spw-needle" });
  const border = html("span", { class: "spw-border" });
  const scale = html("div", { class: "spw-scale", "aria-hidden": "true" }, needle, border);
  const sum = html("p", { class: "fig-counter" });
  const cost = html("ul", { class: "spw-cost" });
  const verdict = html("p", { class: "fig-verdict" });
  const live = readout();
  live.classList.add("fig-hidden");
  const steps = Object.keys(REACHED).map(Number);
  stage.append(
    html(
      "div",
      { class: "fig fig-spam-weights" },
      html("label", { class: "tok-label" }, html("span", { class: "fig-label" }, "A mail"), field),
      html(
        "div",
        { class: "fig-buttons" },
        ...Object.entries(MAILS).map(([name, text]) =>
          button(name, () => {
            field.value = text;
            draw();
          }),
        ),
      ),
      html(
        "p",
        { class: "fig-legend" },
        html("mark", { class: "spw-for spw-3" }, "towards spam"),
        " ",
        html("mark", { class: "spw-against spw-3" }, "towards good"),
        " (stronger colour: larger weight)",
      ),
      marked,
      html(
        "div",
        { class: "fig-panels" },
        html("div", { class: "fig-half" }, html("p", { class: "fig-label" }, "Towards spam"), towards),
        html("div", { class: "fig-half" }, html("p", { class: "fig-label" }, "Towards good"), against),
      ),
      sum,
      scale,
      slider({
        label: "Threshold",
        min: 0,
        max: steps.length - 1,
        step: 1,
        value: steps.indexOf(50),
        show: (at) => number(steps[at] / 100),
        hear: (at) => {
          threshold = steps[at];
          draw();
        },
      }),
      verdict,
      html("p", { class: "fig-label" }, "What this threshold does to 650 validation mails"),
      cost,
      live,
    ),
  );

  const strength = (weight) => (Math.abs(weight) > 0.8 ? 3 : Math.abs(weight) > 0.4 ? 2 : 1);
  const items = (pairs) =>
    (pairs.length ? pairs : [["nothing", 0]]).map(([word, weight]) =>
      html("li", {}, html("span", {}, word), html("span", {}, weight ? number(weight) : "")),
    );

  function draw() {
    const { known, sum: total, probability } = weigh(field.value);
    marked.replaceChildren(
      ...cut(field.value).map((part) => {
        const weight = known.get(part.toLowerCase());
        return weight && Math.abs(weight) > 0.1
          ? html("mark", { class: `spw-${weight > 0 ? "for" : "against"} spw-${strength(weight)}` }, part)
          : part;
      }),
    );
    const sorted = [...known].sort((a, b) => b[1] - a[1]);
    towards.replaceChildren(...items(sorted.filter(([, weight]) => weight > 0).slice(0, SHOWN)));
    against.replaceChildren(
      ...items(
        sorted
          .filter(([, weight]) => weight < 0)
          .reverse()
          .slice(0, SHOWN),
      ),
    );
    const rest = total - BIAS;
    sum.textContent =
      `Bias ${number(BIAS)} ${rest < 0 ? "−" : "+"} ${known.size} words ` +
      `${number(Math.abs(rest))} = ${number(total)} · probability of spam ` +
      `${number(probability)}`;
    needle.style.insetInlineStart = `${probability * 100}%`;
    border.style.insetInlineStart = `${threshold}%`;
    const isSpam = probability >= threshold / 100;
    verdict.className = `fig-verdict ${isSpam ? "fig-bad" : "fig-good"}`;
    verdict.textContent = isSpam ? "→ spam folder" : "→ inbox";
    const [caught, lost, hard] = REACHED[threshold];
    const [spam, easy, hards] = TOTALS;
    cost.replaceChildren(
      html("li", {}, `${caught} of ${spam} spam mails are caught (recall ${number(caught / spam)})`),
      html("li", {}, `${lost} of ${easy} ordinary good mails are lost`),
      html("li", {}, `${hard} of ${hards} hard good mails are lost`),
      html(
        "li",
        {},
        `precision ${number(caught / Math.max(1, caught + lost + hard))}, F1 ` +
          `${number((2 * caught) / (caught + lost + hard + spam))}`,
      ),
    );
    live.textContent =
      `Probability ${number(probability)}, threshold ${number(threshold / 100)}: ` +
      `${isSpam ? "spam folder" : "inbox"}. Of the validation mails ${caught} of ${spam} ` +
      `spam are caught, ${lost + hard} good mails are lost.`;
  }

  draw();
  return () => stage.replaceChildren();
}
