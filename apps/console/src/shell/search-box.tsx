import { Kbd, TextInput } from '@mantine/core';
import { type RefObject, useState } from 'react';
import { useLocation } from 'wouter';
import { href } from '../address/href.ts';

/** The box in the header: `/` goes there, Enter looks for the order. */
export function SearchBox({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  return (
    <form
      role="search"
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        navigate(href('/orders', { query: text.trim() }));
        setText('');
      }}
    >
      <TextInput
        ref={input}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Find an order"
        aria-label="Find an order by its number"
        rightSection={<Kbd size="xs">/</Kbd>}
        data-testid="search"
      />
    </form>
  );
}
