package org.cellos.starter;

/** The process whose in-memory engine had the execution has ended meanwhile. */
final class HolderGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
