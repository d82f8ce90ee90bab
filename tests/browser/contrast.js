// What contrast.py runs in pages.

// The texts that are seen, with their boxes on the page.
function texts() {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement;
    const exempt = "script, style, noscript, option, :disabled, [aria-disabled=true]";
    if (!text || parent.closest(exempt)) continue;
    if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (parent.getBoundingClientRect().width <= 1) continue; // for screen readers
    const style = getComputedStyle(parent), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getClientRects()[0];
    if (!box || box.width < 3 || box.height < 3 || box.left < 0 || box.right > innerWidth) continue;
    // Only what lies on top is seen: not what a scrolled region hides.
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!top || !(parent.contains(top) || top.contains(parent))) continue;
    found.push({ text: text.slice(0, 60), large,
      box: [box.left + scrollX, box.top + scrollY, box.width, box.height] });
  }
  return found;
}

// The contrast of each text: its ground is the most frequent colour of its box in the screenshot.
async function measure([image, texts, scale]) {
  const bitmap = await createImageBitmap(await (await fetch(image)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const drawing = canvas.getContext("2d");
  drawing.drawImage(bitmap, 0, 0);
  const linear = (byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = (colour) => 0.2126 * linear(colour >> 16)
    + 0.7152 * linear(colour >> 8 & 255) + 0.0722 * linear(colour & 255);
  return texts.map(({ box }) => {
    const [left, top, width, height] = box.map((length) => Math.round(length * scale));
    const { data } = drawing.getImageData(left, top, Math.max(width, 1), Math.max(height, 1));
    const counts = new Map();
    for (let at = 0; at < data.length; at += 4) {
      const colour = data[at] << 16 | data[at + 1] << 8 | data[at + 2];
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const [most] = [...counts].reduce((most, next) => next[1] > most[1] ? next : most);
    const ground = luminance(most);
    return Math.max(...[...counts.keys()].map((colour) => {
      const [dark, light] = [ground, luminance(colour)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    }));
  });
}
