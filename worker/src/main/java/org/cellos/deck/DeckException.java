package org.cellos.deck;

/** A robot cannot do what was asked with what stands on its deck; one sentence says why. */
public final class DeckException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeckException(String message) {
    super(message);
  }
}
