// The letters and colours chosen on this device, before the first paint: it stands in each page itself, and the policy of
// live pages names its text. The choice is kept as the properties that it sets (look.js).
try {
  const look = JSON.parse(localStorage.getItem("chaski|look"));
  for (const name in look) document.documentElement.style.setProperty(name, look[name]);
} catch (error) {
  // nothing can be kept here, so nothing was chosen
}
