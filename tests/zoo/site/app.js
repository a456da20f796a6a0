// The shop's own code: a basket that counts, a header that knows whether the page has moved, a form that stays.
const basket = document.getElementById('basket');
const header = document.getElementById('top');
let things = 0;

document.addEventListener('click', (event) => {
  if (!event.target.closest('.add, #buy')) return;
  things += 1;
  basket.textContent = String(things);
});

addEventListener('scroll', () => {
  header.classList.toggle('lifted', scrollY > 8);
}, { passive: true });

document.getElementById('order').addEventListener('submit', (event) => event.preventDefault());
