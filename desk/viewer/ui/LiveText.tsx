/** A region that stays in the page, unseen, and whose text is read out when it changes. */

export function LiveText({ text }: { readonly text: string }) {
  return (
    <output className="visually-hidden" aria-live="polite" aria-atomic="true">
      {text}
    </output>
  );
}
