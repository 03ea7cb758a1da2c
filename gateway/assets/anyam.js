// Keeps the front page's figures and states true while it is open.
const show = (document_) => {
  for (const [key, words] of Object.entries(document_.figures)) {
    const place = document.querySelector(`[data-figure="${CSS.escape(key)}"]`);
    if (!place) continue;
    place.querySelector("[lang=id]").textContent = words.id;
    const english = place.querySelector("[lang=en]");
    english.textContent = words.en === words.id ? "" : words.en;
  }
  for (const [name, ready] of Object.entries(document_.services)) {
    const place = document.querySelector(`[data-service="${CSS.escape(name)}"]`);
    if (!place) continue;
    place.dataset.ready = ready;
    place.querySelector("b").textContent = ready ? "siap · ready" : "belum siap · not ready";
  }
};
const refresh = async () => {
  if (document.hidden) return;
  const answer = await fetch("/figures.json").catch(() => null);
  if (answer && answer.ok) show(await answer.json());
};
setInterval(refresh, 5000);
