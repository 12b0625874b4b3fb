"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const [ID, SIZE, , FIGURES, DATE, RELATIONS, NAMES] = [0, 1, 2, 3, 4, 5, 6];
  const PORTION = 40;
  const index = JSON.parse(byId("index").textContent);
  const store = [...byId("store").children]; // read when needed: all of it at once takes time
  const numberOf = new Map(index.map((row, number) => [row[ID], number]));
  const list = byId("list");
  const rendered = new Map();
  let chosen = index.map((_, number) => number);
  let shown = 0;

  root.classList.add("js");
  byId("store").remove();

  // A theme that was chosen stays; where nothing may be kept, it stays as long as the page.
  const remember = (theme) => { try { localStorage.setItem("dedupe-news-theme", theme); } catch { /* not kept */ } };
  const recall = () => { try { return localStorage.getItem("dedupe-news-theme"); } catch { return null; } };
  if (recall()) root.dataset.theme = recall();
  const switchTheme = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    remember(root.dataset.theme);
  };

  const elements = (markup) => {
    const template = document.createElement("template");
    template.innerHTML = markup;
    return template.content;
  };

  // The head of a cluster is made when the list comes to it, its body when it is opened.
  const clusterAt = (number) => {
    if (!rendered.has(number)) {
      const cluster = elements(store[number].textContent.split("<!--body-->")[0]).firstElementChild;
      cluster.addEventListener("toggle", () => { if (cluster.open) fill(cluster); });
      cluster.querySelector("summary").addEventListener("click", () => { if (!cluster.open) name(cluster.id); });
      rendered.set(number, cluster);
    }
    return rendered.get(number);
  };

  const fill = (cluster) => {
    if (cluster.querySelector(".body")) return;
    cluster.append(elements(store[numberOf.get(cluster.id)].textContent.split("<!--body-->")[1]));
    for (const variant of cluster.querySelectorAll(".v")) prepare(variant);
    const base = [...cluster.querySelectorAll(".base .prose p")];
    const voice = cluster.querySelector(".base .prose");
    for (const row of cluster.querySelectorAll("[data-n]")) unfold(row, base, voice);
    for (const slot of cluster.querySelectorAll("[data-r]")) {
      slot.replaceChildren(...slot.dataset.r.split(" ").flatMap((place, number) => [...(number ? [seam()] : []), base[place].textContent]));
    }
  };

  // On a phone, where the two stand one below the other, each paragraph says whose it is.
  const prepare = (variant) => {
    const grid = variant.querySelector(".grid");
    if (!grid) return;
    grid.style.setProperty("--letter", `"${variant.id.split("-").pop()}"`);
    if (!grid.querySelector("[data-n]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "unfold";
    button.textContent = "Unchanged in full";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => unclamp(variant));
    grid.querySelector(".top .b").append(button);
  };
  const unclamp = (variant) => {
    const whole = variant.classList.toggle("whole");
    variant.querySelector(".unfold")?.setAttribute("aria-pressed", String(whole));
  };

  // Unchanged paragraphs are written once in the file, and shown beside each other here.
  const unfold = (row, base, voice) => {
    const [b, v, n] = ["b", "v", "n"].map((name) => Number(row.dataset[name]));
    row.replaceWith(...Array.from({ length: n }, (_, step) => {
      const one = document.createElement("div");
      one.className = "r same one";
      one.title = "unchanged; click to read it whole";
      one.append(cell("a", b + step, base, voice, b + step), mark(), cell("b", b + step, base, voice, v + step));
      return one;
    }));
  };
  const cell = (side, place, base, voice, number) => {
    const box = document.createElement("div");
    const figure = document.createElement("i");
    const text = document.createElement("p");
    box.className = side;
    box.dir = voice.dir;
    if (voice.lang) box.lang = voice.lang;
    figure.textContent = number + 1;
    text.dir = "auto";
    text.textContent = base[place].textContent;
    box.append(figure, text);
    return box;
  };
  const seam = () => {
    const sign = document.createElement("span");
    sign.className = "dim";
    sign.textContent = " ¶ ";
    return sign;
  };
  const mark = () => {
    const sign = document.createElement("div");
    sign.className = "m";
    sign.textContent = "=";
    return sign;
  };

  const showMore = (until = shown + PORTION) => {
    const end = Math.min(until, chosen.length);
    list.append(...chosen.slice(shown, end).map(clusterAt));
    shown = Math.max(shown, end);
    byId("more").hidden = shown >= chosen.length;
  };

  const choose = () => {
    const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const relation = byId("relation").value;
    const order = Number(byId("order").value);
    const column = Math.abs(order);
    const wanted = (row) => !relation || (relation === "!" ? row[FIGURES] > 0 : row[RELATIONS].split(" ").includes(relation));
    const named = (row) => words.every((word) => row[NAMES].includes(word) || row[ID].startsWith(word));
    chosen = index.map((_, number) => number).filter((number) => wanted(index[number]) && named(index[number]));
    if (column !== SIZE) chosen.sort((one, two) => compare(index[one], index[two], column, Math.sign(order)));
    list.replaceChildren();
    shown = 0;
    showMore();
    tell();
  };
  const compare = (one, two, column, sign) => {
    const [left, right] = [one[column], two[column]];
    if (column === DATE && (!left || !right)) return (left ? 0 : 1) - (right ? 0 : 1);
    return left === right ? 0 : (left < right ? 1 : -1) * sign;
  };
  const tell = () => {
    const all = index.length;
    const noun = all === 1 ? "cluster" : "clusters";
    const found = chosen.length === all ? "" : `${chosen.length.toLocaleString("en")} of `;
    byId("shown").textContent = `${found}${all.toLocaleString("en")} ${noun}`;
  };

  // The address is always that of what was opened last, so that it can be copied from there.
  const name = (id) => { try { history.replaceState(null, "", `#${id}`); } catch { /* it stays as it was */ } };

  // #3f9c1a52 is a cluster; what follows a hyphen is a place in it.
  const follow = () => {
    const hash = location.hash.slice(1);
    const number = numberOf.get(hash) ?? numberOf.get(hash.replace(/-[^-]*$/, "")) ?? numberOf.get(hash.replace(/-[^-]*-[^-]*$/, ""));
    if (number === undefined) return;
    if (!chosen.includes(number)) { byId("filter").value = ""; byId("relation").value = ""; choose(); }
    showMore(chosen.indexOf(number) + 1);
    const cluster = clusterAt(number);
    cluster.open = true;
    fill(cluster);
    const target = byId(hash) ?? cluster;
    for (let box = target; box; box = box.parentElement?.closest("details")) if (box.matches("details")) box.open = true;
    target.scrollIntoView({ block: "start" });
    const spot = target.matches("details") ? target.querySelector("summary") : target;
    if (spot === target) spot.tabIndex = -1; // it has no place in the order of Tab, but what follows it has
    spot.focus({ preventScroll: true });
  };

  // Where the reader is: at what has the focus, else at the first cluster that is in view.
  const current = () => document.activeElement?.closest?.(".c");
  const visible = () => [...list.children].find((each) => each.getBoundingClientRect().bottom > 80);
  const walk = (step) => {
    const here = current();
    const seen = visible();
    const first = seen && seen.getBoundingClientRect().top < innerHeight ? chosen.indexOf(numberOf.get(seen.id)) : 0;
    const at = here ? chosen.indexOf(numberOf.get(here.id)) : first - (step > 0 ? 1 : 0);
    const next = Math.min(Math.max(at + step, 0), chosen.length - 1);
    if (next < 0) return;
    showMore(next + 1);
    const summary = clusterAt(chosen[next]).querySelector("summary");
    summary.focus();
    summary.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const here = current() ?? list.querySelector(".c[open]") ?? visible();
    if (!here) return;
    here.open = true;
    fill(here);
    const changes = [...here.querySelectorAll(".v .d")];
    if (!changes.length) return;
    const at = changes.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : changes.length - 1) : (at + by + changes.length) % changes.length;
    changes[next].closest(".v").open = true;
    changes[next].focus({ preventScroll: true });
    changes[next].scrollIntoView({ block: "center" });
  };
  const unfoldHere = () => {
    const here = current() ?? list.querySelector(".c[open]");
    if (here) here.querySelectorAll(".v").forEach(unclamp);
  };

  const keys = {
    j: () => walk(1), k: () => walk(-1), n: () => step(1), p: () => step(-1), t: switchTheme, u: unfoldHere,
    "/": () => byId("filter").focus(), "?": () => byId("keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
    if (event.key === "Escape" && event.target === byId("filter")) { event.target.blur(); return; }
    if (event.target.matches("input, select, textarea") || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link?.hash && link.hash === location.hash) follow();
    if (!link && !getSelection().toString()) event.target.closest(".same.one")?.classList.toggle("whole");
  });
  byId("theme").addEventListener("click", switchTheme);
  byId("help").addEventListener("click", keys["?"]);
  byId("more").addEventListener("click", () => showMore());
  byId("filter").form.addEventListener("submit", (event) => event.preventDefault());
  byId("filter").addEventListener("input", choose);
  for (const name of ["relation", "order"]) byId(name).addEventListener("change", choose);
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => showMore(chosen.length)); // what is listed is printed, what is open is printed whole
  new IntersectionObserver((seen) => { if (seen[0].isIntersecting && shown < chosen.length) showMore(); }, { rootMargin: "600px" }).observe(byId("more").parentElement);
  choose();
  follow();
})();
