import { Modal, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, http } from '../api/client.ts';
import { EmailField, TwoStepForm } from '../commands/two-step-form.tsx';
import { notify } from '../display/notify.tsx';

interface ClaimDialogProps {
  readonly orderKey: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** An address for one order that has none which can be used: shown what it does first, then sent. */
export function ClaimDialog({ orderKey, onClose, onDone }: ClaimDialogProps) {
  return (
    <Modal opened onClose={onClose} title="Claim the contact" closeButtonProps={{ 'aria-label': 'Close' }}>
      <ClaimForm orderKey={orderKey} onClose={onClose} onDone={onDone} />
    </Modal>
  );
}

/** The two steps: what it would do, then doing it. */
function useClaim({ orderKey, onClose, onDone }: ClaimDialogProps, email: string, source: string) {
  const send = (isPreview: boolean) =>
    answerOf(
      http.POST('/contact-claims', {
        body: {
          claims: [{ order: orderKey, email: email.trim() }],
          source: source.trim(),
          preview: isPreview,
        },
      }),
    );
  const preview = useMutation({ mutationFn: () => send(true) });
  const claim = useMutation({
    mutationFn: () => send(false),
    onSuccess: () => {
      notify({ message: 'The contact is claimed; the order goes on by itself.' });
      onDone();
      onClose();
    },
  });
  return { preview, claim };
}

function ClaimForm(props: ClaimDialogProps) {
  const [email, setEmail] = useState('');
  const [source, setSource] = useState('');
  const { preview, claim } = useClaim(props, email, source);
  const line = preview.data?.lines[0];
  const canClaim = preview.data !== undefined && preview.data.matched > 0;
  return (
    <TwoStepForm
      preview={preview}
      act={claim}
      canAct={canClaim}
      isFilled={email.trim() !== '' && source.trim() !== ''}
      previewLabel="Look what it does"
      actLabel="Claim"
      onCancel={props.onClose}
    >
      <EmailField
        label="The buyer's email address"
        value={email}
        onChange={(entered) => {
          setEmail(entered);
          preview.reset();
        }}
      />
      <TextInput
        label="Where does it come from, and why may it be used?"
        description="Kept with the claim. A claim never subscribes anybody."
        value={source}
        onChange={(event) => {
          setSource(event.currentTarget.value);
          preview.reset();
        }}
      />
      {line !== undefined && (
        <Text size="sm" role="status" data-testid="claim-preview">
          <code>{line.masked}</code>: {line.sentence}
        </Text>
      )}
    </TwoStepForm>
  );
}
