package org.cellos.ot2;

/** What a robot can be told to do with a run. */
enum RunAction {
  PLAY("play"),
  PAUSE("pause"),
  STOP("stop");

  private final String word;

  RunAction(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
