import { Drawer, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { EMPTY_VIEW, useView } from '../display/use-view.ts';
import { OrdersList } from './orders-list.tsx';
import { OrderStory } from './order-story.tsx';

/** The box in the header: `/` goes there, Enter looks for the order. */
export function OrderSearch() {
  const [view, changeView] = useView();
  const [text, setText] = useState(view.query);
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  return (
    <form
      role="search"
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') changeView({ ...EMPTY_VIEW, query: text.trim() });
      }}
    >
      <TextInput
        ref={input}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Order number  ( / )"
        aria-label="Find an order by its number"
        data-testid="search"
      />
    </form>
  );
}

/** Orders behind a number or a search, and the story of one of them. */
export function OrdersDrawer() {
  const [view, changeView] = useView();
  const { order, ...filter } = view;
  const isOpen = Object.values(view).some((value) => value !== '');
  const isListed = Object.values(filter).some((value) => value !== '');
  return (
    <Drawer
      opened={isOpen}
      onClose={() => changeView(EMPTY_VIEW)}
      position="right"
      size="xl"
      title={order === '' ? 'Orders' : 'The story of an order'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {order === '' ? (
        <OrdersList filter={filter} onOpen={(orderKey) => changeView({ order: orderKey })} />
      ) : (
        <OrderStory orderKey={order} onBack={() => changeView(isListed ? { order: '' } : EMPTY_VIEW)} />
      )}
    </Drawer>
  );
}
