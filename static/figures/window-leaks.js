// Windows over three years of bicycles: choose lengths, split and scaler; an alarm says what leaks, and the scores are
// computed in the page.
import { change, html, number, random, readout, series, slider, svg } from "./parts.js";

// SIMULATED: bicycles across a bridge per day, the series of the lesson's first block.
const BIKES = Float64Array.from(
  series(`
    331 340 331 338 330 228 186 369 394 366 330 310 223 156 287 276 266 259 254 191 166 307 344 326 329 340 244 187
    325 326 328 306 299 215 180 338 355 338 332 342 269 199 401 440 448 441 414 320 283 562 598 578 509 482 351 254
    470 485 490 441 409 284 212 436 430 432 418 448 344 282 446 456 467 485 451 358 261 458 494 485 535 519 352 273
    467 442 456 467 493 335 297 530 590 557 519 510 386 309 543 508 461 473 493 350 264 515 488 465 482 414 310 244
    461 477 483 502 472 372 313 604 657 669 682 655 423 334 584 547 552 528 489 334 277 529 593 585 615 650 493 338
    668 690 691 688 678 488 378 614 625 588 622 596 430 328 589 606 551 561 550 371 263 513 527 515 512 570 411 335
    567 649 678 711 689 518 419 789 785 698 729 626 444 353 612 655 641 618 626 438 384 718 709 620 570 603 434 344
    704 664 634 612 623 431 336 567 616 644 620 615 410 324 656 678 768 713 715 501 413 750 733 681 805 766 478 367
    703 693 740 766 729 500 374 658 615 658 713 638 425 308 543 469 447 494 484 374 296 616 639 617 710 671 442 358
    655 711 656 675 686 466 374 647 758 702 664 602 421 337 648 634 615 555 518 442 375 648 605 562 555 544 374 279
    566 595 573 557 526 317 261 458 450 437 461 426 286 245 482 471 488 478 480 321 275 546 579 586 456 458 331 265
    473 490 499 486 463 359 269 529 544 509 492 455 342 280 497 476 481 504 486 356 278 512 512 513 459 468 331 271
    488 508 468 497 436 295 243 492 510 493 445 431 311 277 526 486 541 514 471 368 291 518 532 547 564 497 399 332
    583 556 511 504 470 321 271 508 505 519 551 496 341 289 551 564 589 534 472 321 261 460 460 432 417 389 292 250
    451 461 444 459 454 361 271 513 539 520 531 475 389 286 558 531 563 541 532 382 327 586 499 476 483 465 355 305
    559 524 568 599 572 464 360 612 619 650 601 659 442 374 704 704 733 650 684 483 371 711 766 779 851 861 646 485
    872 898 860 843 824 607 472 832 794 734 773 742 553 405 661 640 685 724 720 491 392 711 715 610 583 576 463 380
    767 766 746 584 602 456 414 742 768 730 676 642 459 407 756 743 747 753 711 552 397 731 788 723 740 789 583 423
    752 839 846 835 838 627 480 867 895 854 838 887 597 539 1099 993 962 961 889 608 482 929 919 1011 1004 963 746
    611 1126 1106 1196 1206 1130 719 583 987 905 881 888 939 681 570 964 981 971 1004 978 730 561 1045 1084 979 971
    925 590 506 912 888 862 864 930 658 542 1077 1121 1159 1087 1092 765 643 1089 1046 1102 1056 994 708 540 1069
    999 970 972 936 636 484 917 881 908 817 779 566 425 826 851 795 724 656 485 372 648 674 785 796 821 598 503 850
    849 855 843 814 562 446 788 703 659 686 750 604 486 938 1001 932 820 802 517 411 791 745 744 797 795 587 494 997
    1007 1046 999 920 659 500 875 853 727 726 660 475 420 749 742 797 807 828 573 475 826 802 814 766 778 637 451
    783 849 817 852 768 555 435 798 822 742 682 724 524 419 760 786 714 660 698 501 420 735 809 801 798 789 528 373
    641 725 767 729 690 521 408 684 751 752 628 602 436 361 668 655 641 643 616 431 374 645 645 563 580 599 445 376
    705 728 730 698 723 499 362 698 790 720 697 646 450 361 615 620 563 543 501 344 256 522 562 502 490 472 334 253
    504 517 538 559 601 389 352 702 739 834 815 819 549 464 844 823 907 854 816 567 428 804 848 840 707 733 511 380
    729 770 711 816 732 471 356 723 735 712 704 667 463 363 707 776 720 727 749 504 396 691 664 674 648 671 488 408
    745 742 738 737 699 522 444 829 944 890 904 857 623 475 937 964 1016 918 868 590 462 823 846 843 838 799 587 502
    879 907 897 917 896 644 490 911 889 916 906 894 612 523 1009 1088 1221 1180 1220 850 687 1269 1294 1303 1235
    1189 867 760 1296 1167 1112 1099 1082 777 668 1289 1294 1223 1170 1110 782 571 1029 1035 1020 1000 1028 718 566
    1087 1102 1107 1141 1142 828 654 1251 1283 1218 1185 1072 729 528 951 1076 1038 1087 1068 738 649 1236 1133 1198
    1106 1074 807 637 1257 1339 1190 1141 1136 788 627 1216 1265 1177 1175 1106 740 561 1067 1102 1098 1020 999 682
    528 983 943 994 1158 1164 782 621 1046 1059 1091 1124 1035 763 660 1347 1303 1211 1194 975 687 551 1001 945 940
    903 945 651 524 970 1044 894 885 926 661 492 945 1004 988 921 876 629 489 819 825 836 823 822 607 525 1118 1192
    1072 902 890 650 493 938 928 952 930 940 611 486 901 858 967 929 994 684 543 1076 1113 1102 1094 974 681 516 966
    958 946 932 910 653 505 876 869 924 935 945 733 541 1022 971 936 949 1016 685 542 1061 977 979 940 865 625 519
    898 938 931 847 909 690 519 913 973 921 808 843 603 541 1001 1018 1173 1107 990 705 593 991 942 944 757 697 530
    413 695 810 736 710 685 500 396 733 759 750 748 636 477 357 588 673 626 639 607 428 362 637 680 698 747 718 551
    490 979 1015 1005 1147
  `),
);
const CUT = 822; // the first day of the test piece: three quarters are before it
const NEIGHBOURS = 5;
const DECAY = 10;
const SPLITS = { target: "by time, answers on one side", start: "by time, only the starts", shuffled: "shuffled" };
const MODELS = { lookup: "look-up", linear: "linear" };

/** Return the numbers 0 … count−1 in a mixed order, the same for everybody. */
function shuffled(count) {
  const order = Array.from({ length: count }, (_, i) => i);
  const draw = random(1);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Return the starts of training and test windows. */
export function divide(window, horizon, split) {
  const count = BIKES.length - window - horizon + 1;
  const all = Array.from({ length: count }, (_, i) => i);
  const train = all.filter((start) => start + window + horizon <= CUT);
  if (split === "target") return { train, test: all.filter((start) => start + window >= CUT) };
  if (split === "start")
    return { train: all.filter((start) => start < CUT), test: all.filter((start) => start >= CUT) };
  const order = shuffled(count);
  return { train: order.slice(0, train.length), test: order.slice(train.length) };
}

/** Five training windows that resemble this one most; the forecast is the mean of what followed them. */
function lookUp(train, window, horizon) {
  return (start) => {
    const best = [];
    for (const other of train) {
      let far = 0;
      for (let i = 0; i < window; i++) far += (BIKES[start + i] - BIKES[other + i]) ** 2;
      if (best.length < NEIGHBOURS || far < best.at(-1).far) {
        best.push({ far, other });
        best.sort((a, b) => a.far - b.far);
        best.length = Math.min(best.length, NEIGHBOURS);
      }
    }
    return Array.from(
      { length: horizon },
      (_, h) => best.reduce((sum, { other }) => sum + BIKES[other + window + h], 0) / best.length,
    );
  };
}

/**
 * Linear weights with decay and no bias on scaled numbers: where it is unsure it falls back to the mean of the scaler.
 */
function linear(train, window, horizon, isScaledOnAll) {
  const part = isScaledOnAll ? BIKES : BIKES.subarray(0, CUT);
  const mean = meanOf(part);
  const spread = Math.sqrt(part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / part.length);
  const z = BIKES.map((value) => (value - mean) / spread);
  const rows = Array.from({ length: window }, (_, i) => {
    const row = new Float64Array(window + horizon);
    row[i] = DECAY;
    return row;
  });
  for (const start of train) {
    for (let i = 0; i < window; i++) {
      const left = z[start + i];
      for (let j = 0; j < window + horizon; j++) rows[i][j] += left * z[start + j];
    }
  }
  for (let i = 0; i < window; i++) {
    // Gauss and Jordan; the decay keeps the pivots away from zero
    const pivot = rows[i][i];
    for (let j = i; j < window + horizon; j++) rows[i][j] /= pivot;
    for (let k = 0; k < window; k++) {
      const factor = rows[k][i];
      if (k !== i && factor) for (let j = i; j < window + horizon; j++) rows[k][j] -= factor * rows[i][j];
    }
  }
  return (start) =>
    Array.from({ length: horizon }, (_, h) => {
      let sum = 0;
      for (let i = 0; i < window; i++) sum += z[start + i] * rows[i][window + h];
      return sum * spread + mean;
    });
}

/** Mean absolute error over windows, for each of the forecasts. */
function errors(starts, window, horizon, forecasts) {
  const sums = forecasts.map(() => 0);
  for (const start of starts) {
    forecasts.forEach((forecast, k) => {
      const said = forecast(start);
      for (let h = 0; h < horizon; h++) sums[k] += Math.abs(said[h] - BIKES[start + window + h]);
    });
  }
  return sums.map((sum) => sum / starts.length / horizon);
}

/** Errors of the model, of seasonal-naive and of persistence on the test windows of a split. */
export function score({ window, horizon, split, model, isScaledOnAll }) {
  const { train, test } = divide(window, horizon, split);
  const fitted = model === "linear" ? linear(train, window, horizon, isScaledOnAll) : lookUp(train, window, horizon);
  const weekAgo = (start) => Array.from({ length: horizon }, (_, h) => BIKES[start + window - 7 + (h % 7)]);
  const today = (start) => Array(horizon).fill(BIKES[start + window - 1]);
  return errors(test, window, horizon, [fitted, weekAgo, today]);
}

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const choice = (name, legend, options, chosen, hear) =>
  html(
    "fieldset",
    { class: "fig-choices" },
    html("legend", { class: "fig-label" }, legend),
    ...Object.entries(options).map(([value, text]) =>
      html(
        "label",
        {},
        html("input", { type: "radio", name, value, checked: value === chosen, onchange: () => hear(value) }),
        ` ${text}`,
      ),
    ),
  );

export function mount(stage) {
  const set = { window: 28, horizon: 14, split: "target", model: "lookup", isScaledOnAll: false };
  let at = 770;
  const id = `leaks-${Math.random().toString(36).slice(2)}`;
  const year = svg("svg", { role: "img", class: "fig-panel" });
  const close = svg("svg", { role: "img", class: "fig-panel" });
  const verdict = html("p", { class: "fig-verdict" });
  const alarms = html("ul", { class: "wl-alarms" });
  const table = html("tbody");
  const live = readout();
  const look = slider({
    label: "Look at window",
    min: 0,
    max: BIKES.length - 84,
    step: 1,
    value: at,
    show: (value) => String(value),
    hear: (value) => {
      at = value;
      draw();
    },
  });
  const scaler = html("input", {
    type: "checkbox",
    onchange: () => {
      set.isScaledOnAll = scaler.checked;
      measure();
    },
  });
  stage.append(
    html(
      "div",
      { class: "fig fig-window-leaks" },
      html(
        "div",
        { class: "fig-controls" },
        slider({
          label: "Window",
          min: 7,
          max: 56,
          step: 7,
          value: 28,
          show: (value) => `${value} days`,
          hear: (value) => {
            set.window = value;
            measure();
          },
        }),
        slider({
          label: "Horizon",
          min: 1,
          max: 28,
          step: 1,
          value: 14,
          show: (value) => `${value} ${value === 1 ? "day" : "days"}`,
          hear: (value) => {
            set.horizon = value;
            measure();
          },
        }),
      ),
      choice(`${id}-split`, "Split", SPLITS, set.split, (value) => {
        set.split = value;
        measure();
      }),
      html(
        "div",
        { class: "fig-controls" },
        choice(`${id}-model`, "Model", MODELS, set.model, (value) => {
          set.model = value;
          measure();
        }),
        html("div", { class: "fig-choices" }, html("label", {}, scaler, " Fit the scaler on all")),
      ),
      html(
        "p",
        { class: "fig-legend" },
        html("span", { class: "fig-key wl-train" }),
        " training answers",
        html("span", { class: "fig-key wl-test" }),
        " test answers; the line is the cut",
      ),
      year,
      look,
      close,
      html(
        "p",
        { class: "fig-legend" },
        html("span", { class: "fig-key wl-in" }),
        " input",
        html("span", { class: "fig-key wl-out" }),
        " answer to be forecast",
      ),
      verdict,
      alarms,
      html(
        "table",
        { class: "wl-table" },
        html(
          "thead",
          {},
          html(
            "tr",
            {},
            html("th", { scope: "col" }, "On the test windows"),
            html("th", { scope: "col" }, "Error"),
            html("th", { scope: "col" }, "Seasonal = 1"),
          ),
        ),
        table,
      ),
      live,
    ),
  );

  function measure() {
    const found = score(set);
    const honest = score({ ...set, split: "target", isScaledOnAll: false });
    const leaks = [];
    if (set.split === "shuffled")
      leaks.push(
        "A shuffled split: the neighbour of nearly every test window, moved by one day, is a " +
          "training window, and " +
          (set.horizon > 1
            ? `shares ${set.horizon - 1} of ${set.horizon} answers with it.`
            : "often has its answer among the inputs."),
      );
    if (set.split === "start")
      leaks.push(
        "Windows are sorted by their start: the last training windows have answers up to " +
          `${set.window + set.horizon - 1} days behind the cut, and the same days are inputs and ` +
          "answers in the test.",
      );
    if (set.isScaledOnAll)
      leaks.push(
        `The scaler knows the mean of all three years (${number(meanOf(BIKES), 0)}), not only ` +
          `that of the days before the cut (${number(meanOf(BIKES.subarray(0, CUT)), 0)}). ` +
          (set.model === "lookup"
            ? "The look-up compares windows with each other and cannot use it; it is a leak all the same."
            : "The weights fall back to that mean where they are unsure."),
      );
    verdict.textContent = leaks.length
      ? `Alarm: ${leaks.length === 1 ? "one leak" : `${leaks.length} leaks`}`
      : "No leak: whatever the model saw was known before the cut";
    verdict.className = `fig-verdict ${leaks.length ? "fig-bad" : "fig-good"}`;
    alarms.replaceChildren(...leaks.map((text) => html("li", {}, text)));
    const row = (name, error, naive) =>
      html(
        "tr",
        {},
        html("th", { scope: "row" }, name),
        html("td", {}, number(error, 1)),
        html("td", {}, number(error / naive)),
      );
    const name = MODELS[set.model];
    table.replaceChildren(
      row(`${name}, as set above`, found[0], found[1]),
      row("seasonal-naive", found[1], found[1]),
      row("persistence", found[2], found[1]),
      ...(leaks.length ? [row(`${name}, without the leak`, honest[0], honest[1])] : []),
    );
    const worse = found[0] > found[1] ? " The baseline is better." : "";
    live.textContent =
      `${name}: ${number(found[0] / found[1])} of the error of seasonal-naive.` +
      (leaks.length ? ` Without the leak it is ${number(honest[0] / honest[1])}.` : worse);
    draw();
  }

  /** Draw a stretch of the series; the width is that of the stage, so that text keeps its size on a phone. */
  function axes(panel, from, to, high, label) {
    const wide = Math.max(280, stage.clientWidth);
    const atX = (t) => 34 + ((t - from) / (to - from)) * (wide - 42);
    const most = 1500;
    const atY = (value) => high - 24 - (value / most) * (high - 34);
    const points = [];
    for (let t = from; t <= to; t++) points.push(`${atX(t).toFixed(1)},${atY(BIKES[t]).toFixed(1)}`);
    change(panel, { viewBox: `0 0 ${wide} ${high}`, "aria-label": label });
    panel.replaceChildren(
      svg(
        "g",
        { class: "fig-axes" },
        ...[0, 500, 1000].flatMap((value) => [
          svg("line", { x1: 34, x2: wide - 8, y1: atY(value), y2: atY(value), class: "fig-grid" }),
          svg("text", { x: 30, y: atY(value) + 4, "text-anchor": "end" }, String(value)),
        ]),
      ),
      svg("polyline", { points: points.join(" "), class: "wl-line" }),
    );
    if (CUT > from && CUT < to)
      panel.append(svg("line", { x1: atX(CUT - 0.5), x2: atX(CUT - 0.5), y1: 4, y2: high - 20, class: "wl-cut" }));
    return { atX, atY, wide };
  }

  function draw() {
    const { window, horizon, split } = set;
    const { train, test } = divide(window, horizon, split);
    const isTrain = new Set(train);
    const isTest = new Set(test);
    const whole = axes(
      year,
      0,
      BIKES.length - 1,
      130,
      "Three years of bicycles per day, growing, with a rhythm of weeks and of years; below, " +
        "to which side each day's answers belong",
    );
    const tick = (starts, y) => starts.map((start) => `M${whole.atX(start + window).toFixed(1)} ${y}v7`).join("");
    year.append(
      svg("path", { d: tick(train, 108), class: "wl-tick wl-train" }),
      svg("path", { d: tick(test, 118), class: "wl-tick wl-test" }),
      svg("rect", {
        x: whole.atX(at),
        y: 4,
        width: Math.max(2, whole.atX(at + window + horizon) - whole.atX(at)),
        height: 100,
        class: "wl-frame",
      }),
    );
    const from = Math.max(0, Math.min(BIKES.length - 100, at - 10));
    const near = axes(
      close,
      from,
      from + 99,
      170,
      `Window ${at}: inputs are days ${at} to ${at + window - 1}, answers days ` +
        `${at + window} to ${at + window + horizon - 1}; the cut is day ${CUT}`,
    );
    for (let t = at; t < at + window + horizon; t++) {
      const [x, y] = [near.atX(t), near.atY(BIKES[t])];
      close.append(
        t < at + window
          ? svg("circle", { cx: x, cy: y, r: 3, class: "wl-in" })
          : svg("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7, class: "wl-out" }),
      );
    }
    const side = isTrain.has(at)
      ? "a training window"
      : isTest.has(at)
        ? "a test window"
        : "left out: its answers lie on both sides";
    close.append(svg("text", { x: 36, y: 164, class: "wl-side" }, `Window ${at}: ${side}`));
  }

  const watcher = new ResizeObserver(draw);
  watcher.observe(stage);
  measure();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
