// The shop's own code: menu, header shadow, lazy pictures, category filter, basket, newsletter.

const select = (query, root = document) => root.querySelector(query);
const selectAll = (query, root = document) => [...root.querySelectorAll(query)];

function menu() {
  const list = select('.menu');
  const burger = select('.burger');
  burger.addEventListener('click', () => {
    const open = list.classList.toggle('open');
    burger.setAttribute('aria-expanded', String(open));
  });
}

// A sentinel above the header tells when the page has moved: no scroll listener is needed.
function headerShadow() {
  const header = select('.top');
  new IntersectionObserver(([entry]) => header.classList.toggle('lifted', !entry.isIntersecting))
    .observe(select('.notice'));
}

function lazyPictures() {
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      target.src = target.dataset.src;
      observer.unobserve(target);
    }
  }, { rootMargin: '300px' });
  selectAll('img[data-src]').forEach((picture) => observer.observe(picture));
}

function filters() {
  const buttons = selectAll('.filters button');
  const cards = selectAll('.card');
  for (const button of buttons) {
    button.addEventListener('click', () => {
      buttons.forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
      const kind = button.dataset.kind;
      cards.forEach((card) => { card.hidden = kind !== 'all' && card.dataset.kind !== kind; });
    });
  }
}

function basket() {
  const count = select('#basket-count');
  const items = new Map();
  select('.grid').addEventListener('click', (event) => {
    const button = event.target.closest('.buy button');
    if (!button) return;
    const name = button.closest('.card').dataset.name;
    items.set(name, (items.get(name) ?? 0) + 1);
    count.textContent = [...items.values()].reduce((sum, n) => sum + n, 0);
    button.textContent = 'Added';
  });
}

function newsletter() {
  select('.letter form').addEventListener('submit', (event) => {
    event.preventDefault();
    event.target.replaceWith('Thank you. See you on the trail.');
  });
}

menu();
headerShadow();
lazyPictures();
filters();
basket();
newsletter();
