// 52 held-out weeks of forecasts with a spread: widen or narrow the interval and watch coverage, width and likelihood
// together.
import { change, html, number, readout, series, slider, svg } from "./parts.js";

// SIMULATED: 364 days of the lesson's test piece, then the mean and the spread that its network gave.
const [TRUTH, MEAN, SPREAD] = [
  series(`
    877 743 898 934 963 929 868 809 633 533 779 673 743 819 859 786 611 836 839 692 881 801 590 639 803 874 758 839
    750 651 398 750 774 777 815 898 1299 788 811 889 743 789 782 919 888 869 839 805 880 740 642 554 737 714 706 679
    725 604 600 693 725 688 682 652 561 481 654 690 673 634 627 356 471 643 661 643 652 599 515 396 648 611 718 744
    648 655 871 683 634 641 628 592 489 560 544 588 651 643 541 436 444 604 645 604 598 526 343 385 554 597 565 517
    489 362 549 562 508 518 543 521 550 710 536 530 574 575 584 519 467 495 507 518 512 545 505 339 459 443 511 498
    530 374 439 492 457 492 470 466 321 251 493 436 445 514 530 366 616 523 518 515 499 514 442 492 509 520 472 501
    504 397 427 493 519 507 515 527 396 528 545 539 522 490 520 464 567 582 547 597 565 582 506 584 498 542 535 525
    513 308 338 526 553 498 501 583 334 508 600 628 595 579 652 594 735 589 599 640 582 581 614 643 657 663 661 605
    609 461 610 678 609 659 633 639 550 748 654 669 609 662 654 536 570 642 623 689 732 693 663 571 728 720 779 680
    747 405 569 751 793 708 775 766 436 611 789 699 740 826 724 579 454 713 776 789 792 813 685 616 791 827 825 857
    813 627 737 791 816 926 816 916 584 603 756 723 810 911 908 1605 1351 1063 1014 915 953 803 776 873 861 850 791
    912 900 925 1126 998 887 973 974 884 584 656 948 885 878 905 896 591 491 851 895 940 881 859 723 829 921 854 898
    868 946 749 958 907 1029 928 969 841 468 488 781 878 924 900 889 812 638 864 905 799 919 921 798 936 863 978 923
    842
  `),
  series(`
    901 731 695 880 895 906 925 875 687 761 837 843 748 773 831 699 674 785 802 788 752 819 716 639 810 813 808 793
    796 576 693 737 816 752 784 830 727 894 808 821 780 730 810 747 792 857 799 791 747 820 559 654 754 789 745 729
    730 569 611 759 735 710 716 700 530 559 690 690 689 676 646 515 477 654 654 657 661 623 495 516 625 644 633 662
    654 530 569 703 675 670 652 634 502 535 648 584 621 620 629 485 519 614 617 625 602 590 455 453 569 583 596 574
    552 408 425 598 581 550 550 537 429 503 622 564 551 556 560 492 534 555 540 541 525 543 467 492 525 520 506 513
    533 446 415 519 531 493 508 510 404 381 458 512 486 472 508 421 395 549 528 511 527 510 418 454 535 522 524 503
    517 431 447 521 530 529 508 526 427 436 548 549 536 531 519 424 464 563 565 550 562 559 480 509 598 557 549 545
    546 455 432 537 552 552 516 531 438 411 559 574 587 577 561 482 539 648 599 599 609 594 505 569 639 637 637 621
    621 504 520 658 648 625 642 617 515 558 687 643 665 628 625 539 569 666 626 636 653 685 561 621 683 701 696 725
    714 599 519 720 729 742 729 742 559 522 750 761 755 734 766 589 617 727 746 757 763 796 677 635 770 794 769 828
    839 691 654 819 811 811 878 839 690 666 846 802 761 806 883 735 1000 941 997 920 861 921 830 781 945 817 889 745
    873 509 798 937 901 865 922 898 761 701 857 878 862 873 835 701 600 866 860 853 911 900 713 702 885 887 859 899
    865 726 815 921 860 913 917 906 742 634 842 840 834 892 885 716 743 855 847 838 837 882 767 808 900 832 902 899
  `),
  series(`
    52 182 154 82 55 54 50 53 171 144 60 46 52 55 59 164 132 65 57 51 53 49 152 128 65 62 66 49 57 139 140 51 51 62
    46 55 155 175 91 49 48 49 50 115 185 71 70 63 82 69 106 139 62 53 61 60 60 132 113 58 58 54 53 55 139 118 50 57
    56 53 49 133 98 40 45 45 45 45 121 109 44 40 38 44 49 123 119 81 59 40 49 53 125 107 52 49 53 64 63 115 102 48
    42 45 46 44 111 91 39 32 35 35 40 101 88 38 32 32 33 41 100 97 51 37 41 49 49 97 107 49 38 46 56 43 99 96 41 34
    38 45 34 96 81 38 30 35 38 30 90 74 31 25 31 36 31 85 70 37 29 31 34 34 88 81 43 32 43 46 42 88 86 37 29 38 43
    40 92 84 40 32 38 40 38 96 94 47 35 42 48 46 104 102 50 38 43 49 44 104 84 35 30 40 44 38 93 81 36 29 36 36 38
    105 105 57 42 46 46 48 115 122 60 57 59 65 56 122 111 50 54 51 56 55 122 119 64 54 51 54 58 123 120 51 53 57 59
    68 124 126 65 64 60 57 52 143 110 50 60 56 52 52 140 88 52 54 48 44 61 129 108 50 55 55 49 53 143 137 71 57 55
    50 51 166 135 78 60 56 62 57 189 131 64 50 49 54 55 192 184 128 65 44 67 44 102 105 56 73 49 78 78 109 128 81 61
    61 65 65 150 108 61 57 62 64 56 177 123 51 44 49 50 49 165 149 71 48 48 49 52 184 140 79 60 60 62 57 191 124 52
    44 54 51 55 168 150 71 39 46 43 45 174 157 86 61 60 55
  `),
];
const ONE = 92; // spread of the mistakes on the validation piece, for all days alike
const FIRST = 4; // weekday of the first day; 5 and 6 are the weekend
const REACH = 1.645; // spreads to each side that hold 90 % of a bell curve
const ASKED = 0.9;
const SHOWN = 56;
const KINDS = { one: "one for all days", own: "one for each day" };
const isWeekend = (day) => (day + FIRST) % 7 >= 5;

/** Coverage (all, working days, weekends), mean width and negative log-likelihood for a factor on the spread. */
export function measure(kind, factor) {
  const days = { all: 0, work: 0, weekend: 0 };
  const inside = { all: 0, work: 0, weekend: 0 };
  let width = 0;
  let loss = 0;
  TRUTH.forEach((truth, day) => {
    const spread = factor * (kind === "own" ? SPREAD[day] : ONE);
    const z = (truth - MEAN[day]) / spread;
    for (const group of ["all", isWeekend(day) ? "weekend" : "work"]) {
      days[group] += 1;
      inside[group] += Math.abs(z) <= REACH;
    }
    width += 2 * REACH * spread;
    loss += Math.log(spread) + 0.5 * Math.log(2 * Math.PI) + 0.5 * z * z;
  });
  const coverage = Object.fromEntries(Object.keys(days).map((group) => [group, inside[group] / days[group]]));
  return { ...coverage, width: width / TRUTH.length, loss: loss / TRUTH.length };
}

export function mount(stage) {
  let kind = "one";
  let factor = 1;
  let week = 0;
  const name = `coverage-${Math.random().toString(36).slice(2)}`;
  const chart = svg("svg", { role: "img", class: "fig-panel" });
  const curve = svg("svg", { role: "img", class: "fig-panel" });
  const bars = html("div", { class: "ic-bars" });
  const live = readout();
  const choices = html(
    "fieldset",
    { class: "fig-choices" },
    html("legend", { class: "fig-label" }, "Kind of spread"),
    ...Object.entries(KINDS).map(([value, text]) =>
      html(
        "label",
        {},
        html("input", {
          type: "radio",
          name,
          value,
          checked: value === kind,
          onchange: () => {
            kind = value;
            show();
          },
        }),
        ` ${text}`,
      ),
    ),
  );
  stage.append(
    html(
      "div",
      { class: "fig fig-interval-coverage" },
      choices,
      html(
        "div",
        { class: "fig-controls" },
        slider({
          label: "Spread ×",
          min: 0.2,
          max: 2.5,
          step: 0.05,
          value: 1,
          show: (value) => number(value),
          hear: (value) => {
            factor = value;
            show();
          },
        }),
        slider({
          label: "From week",
          min: 1,
          max: 45,
          step: 1,
          value: 1,
          show: (value) => String(value),
          hear: (value) => {
            week = value - 1;
            show();
          },
        }),
      ),
      chart,
      html(
        "p",
        { class: "fig-legend" },
        html("span", { class: "fig-key ic-band" }),
        " 90 % interval of a day",
        html("span", { class: "fig-key ic-key-in" }),
        " true number, inside",
        html("span", { class: "ic-key-out", "aria-hidden": "true" }, "×"),
        " outside",
      ),
      html("div", { class: "fig-half" }, bars),
      html("p", { class: "fig-label" }, "Negative log-likelihood: lower is better; dashed, the other kind"),
      curve,
      live,
    ),
  );

  function show() {
    const now = measure(kind, factor);
    draw();
    plot(now);
    bars.replaceChildren(
      html("p", { class: "fig-label" }, "How many of 364 days are inside? Asked: 90 %"),
      ...[
        ["all", "all days"],
        ["work", "working days"],
        ["weekend", "weekends"],
      ].map(([group, text]) => {
        const fill = html("span", { class: "ic-fill" });
        fill.style.width = `${now[group] * 100}%`;
        return html(
          "p",
          { class: "ic-row" },
          html("span", {}, text),
          html("span", { class: "ic-track", "aria-hidden": "true" }, fill),
          html("span", {}, `${number(100 * now[group], 0)} %`),
        );
      }),
      html("p", { class: "fig-counter" }, `Mean width: ${number(now.width, 0)} bicycles`),
    );
    const fit = (share) => (share > ASKED + 0.03 ? "too wide" : share < ASKED - 0.03 ? "too narrow" : "right");
    const [work, weekend] = [fit(now.work), fit(now.weekend)];
    const word =
      work === weekend
        ? `The intervals are ${work} on both kinds of days.`
        : `The intervals are ${work} on working days and ${weekend} at weekends.`;
    live.textContent =
      `Inside: ${number(100 * now.all, 0)} % of all days, ${number(100 * now.work, 0)} % of ` +
      `working days, ${number(100 * now.weekend, 0)} % of weekends; width ` +
      `${number(now.width, 0)}; negative log-likelihood ${number(now.loss)}. ${word}`;
  }

  function draw() {
    const wide = Math.max(280, stage.clientWidth);
    const high = 210;
    const atX = (i) => 44 + ((i + 0.5) / SHOWN) * (wide - 50);
    const atY = (value) => high - 22 - (Math.max(0, Math.min(1800, value)) / 1800) * (high - 30);
    const from = 7 * week;
    const marks = [];
    for (let i = 0; i < SHOWN; i++) {
      const day = from + i;
      const reach = REACH * factor * (kind === "own" ? SPREAD[day] : ONE);
      const [x, y] = [atX(i), atY(TRUTH[day])];
      marks.push(
        svg("line", {
          x1: x,
          x2: x,
          y1: atY(MEAN[day] - reach),
          y2: atY(MEAN[day] + reach),
          class: isWeekend(day) ? "ic-band ic-free" : "ic-band",
        }),
      );
      if (Math.abs(TRUTH[day] - MEAN[day]) <= reach)
        marks.push(svg("circle", { cx: x, cy: y, r: 2.2, class: "ic-in" }));
      else marks.push(svg("path", { d: `M${x - 3.5} ${y - 3.5}l7 7m0 -7l-7 7`, class: "ic-out" }));
    }
    change(chart, {
      viewBox: `0 0 ${wide} ${high}`,
      "aria-label":
        `Eight weeks from week ${week + 1}: a forecast interval for each day, weekends darker, ` +
        "and the true number",
    });
    chart.replaceChildren(
      svg(
        "g",
        { class: "fig-axes" },
        ...[0, 500, 1000, 1500].flatMap((value) => [
          svg("line", { x1: 42, x2: wide - 4, y1: atY(value), y2: atY(value), class: "fig-grid" }),
          svg("text", { x: 36, y: atY(value) + 4, "text-anchor": "end" }, String(value)),
        ]),
        ...[0, 2, 4, 6].map((w) => svg("text", { x: atX(7 * w), y: high - 4 }, `week ${week + w + 1}`)),
      ),
      ...marks,
    );
  }

  function plot(now) {
    const [wide, high, low, top] = [Math.max(280, stage.clientWidth), 190, 5.5, 8];
    const atX = (value) => 36 + ((value - 0.2) / 2.3) * (wide - 46);
    const atY = (value) => high - 32 - ((Math.min(top, value) - low) / (top - low)) * (high - 44);
    const line = (which) => {
      const points = [];
      for (let value = 0.2; value <= 2.5; value += 0.05) {
        const { loss } = measure(which, value);
        if (loss <= top) points.push(`${atX(value).toFixed(1)},${atY(loss).toFixed(1)}`);
      }
      return svg("polyline", { points: points.join(" "), class: `fig-curve ${which === kind ? "" : "ic-other"}` });
    };
    change(curve, {
      viewBox: `0 0 ${wide} ${high}`,
      "aria-label":
        `Negative log-likelihood against the factor on the spread; now ${number(now.loss)} at ` + `${number(factor)}`,
    });
    curve.replaceChildren(
      svg(
        "g",
        { class: "fig-axes" },
        ...[6, 7, 8].flatMap((value) => [
          svg("line", { x1: 34, x2: wide - 8, y1: atY(value), y2: atY(value), class: "fig-grid" }),
          svg("text", { x: 28, y: atY(value) + 4, "text-anchor": "end" }, String(value)),
        ]),
        ...[0.5, 1, 1.5, 2, 2.5].map((value) =>
          svg("text", { x: atX(value), y: high - 18, "text-anchor": "middle" }, String(value)),
        ),
        svg("text", { x: wide / 2, y: high - 3, "text-anchor": "middle", class: "fig-axis-name" }, "spread ×"),
      ),
      line("one"),
      line("own"),
      svg("circle", { cx: atX(factor), cy: atY(now.loss), r: 6, class: "ic-here" }),
    );
  }

  const watcher = new ResizeObserver(show);
  watcher.observe(stage);
  show();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
