package org.cellos.protocol;

/**
 * One thing that is wrong with a file or with what was asked.
 *
 * @param file name of the file; empty when no file is to blame
 * @param line line of the file, from 1; 0 where none is known
 * @param path where in the file, for example {@code iPSC.passage.T75.detach_ml}; may be empty
 * @param message what is wrong and what to do about it
 */
public record Problem(String file, int line, String path, String message) {
  private static final int MOST_LETTERS = 1000;

  public Problem {
    if (message.isBlank()) {
      throw new IllegalArgumentException("the message of a problem must not be empty");
    }
    path = printable(path);
    message = printable(message);
  }

  /** What is quoted from a file must neither flood nor steer a terminal. */
  private static String printable(String text) {
    String shown = text.length() > MOST_LETTERS ? text.substring(0, MOST_LETTERS) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}", "\uFFFD");
  }

  /** A problem with what was asked, not with a file. */
  static Problem of(String message) {
    return new Problem("", 0, "", message);
  }

  /** One sentence, which begins with the place if there is one. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file);
    if (line > 0) {
      text.append(", line ").append(line);
    }
    if (!path.isEmpty()) {
      text.append(text.isEmpty() ? "" : ", ").append(path);
    }
    return text.append(text.isEmpty() ? "" : ": ").append(message).toString();
  }
}
