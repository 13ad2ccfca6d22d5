package org.cellos.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads one YAML document from an untrusted file.
 *
 * <p>Only SnakeYAML's node tree is built: no object of any class named in the file is ever made,
 * every value keeps its line, and a number is what a person reads, not what YAML 1.1 makes of it.
 */
final class YamlReader {
  static final int MOST_BYTES = 1024 * 1024;
  private static final int MOST_DEPTH = 30;

  private YamlReader() {}

  /**
   * @throws ProtocolException in one sentence, if the file cannot be read or is not YAML
   */
  static YamlNode read(Path path, Problems problems) {
    String file = path.toString();
    if (Files.isDirectory(path)) {
      throw unreadable(file, "is a directory: name a YAML file");
    }
    if (!Files.exists(path)) {
      throw unreadable(file, "does not exist");
    }
    // Opening a pipe or a device could wait for ever.
    if (!Files.isRegularFile(path)) {
      throw unreadable(file, "is not a regular file");
    }
    try (InputStream stream = Files.newInputStream(path)) {
      return read(file, stream, problems);
    } catch (IOException e) {
      throw unreadable(
          file,
          e instanceof AccessDeniedException
              ? "cannot be read: you lack the permission"
              : "cannot be read: " + e.getMessage());
    }
  }

  static YamlNode read(String file, InputStream stream, Problems problems) throws IOException {
    byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw tooLarge(file);
    }
    return readText(file, decode(file, bytes), problems);
  }

  static YamlNode readText(String name, String text, Problems problems) {
    if (text.length() > MOST_BYTES) {
      throw tooLarge(name);
    }
    requirePrintable(name, text);
    return new YamlNode(name, "", compose(name, text), problems);
  }

  private static ProtocolException tooLarge(String file) {
    return unreadable(file, "is larger than 1 MiB, which no protocol is");
  }

  private static String decode(String file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw unreadable(file, "is not a text in UTF-8: save it as a UTF-8 text file");
    }
  }

  private static void requirePrintable(String file, String text) {
    int line = 1;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int character = text.codePointAt(i);
      if (!StreamReader.isPrintable(character)) {
        throw new ProtocolException(
            List.of(
                new Problem(
                    file,
                    line,
                    "",
                    String.format("holds the character U+%04X, which is no text", character))));
      }
      line += character == '\n' ? 1 : 0;
    }
  }

  private static Node compose(String file, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MOST_DEPTH);
    options.setMaxAliasesForCollections(0);
    options.setAllowRecursiveKeys(false);
    options.setCodePointLimit(MOST_BYTES);
    // Nothing is made of a tag: YamlNode refuses it with its place.
    options.setTagInspector(tag -> true);
    try {
      Composer composer =
          new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options);
      @Nullable Node root = composer.getSingleNode();
      if (root == null || root.getTag().equals(Tag.NULL)) {
        throw unreadable(file, "is empty");
      }
      return root;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new ProtocolException(
          List.of(new Problem(file, line, "", reasonOf(String.valueOf(e.getProblem())))));
    } catch (YAMLException e) {
      throw unreadable(file, "cannot be read as YAML: " + reasonOf(e));
    }
  }

  private static String reasonOf(String problem) {
    return problem.contains("another document")
        ? "has more than one document: keep one"
        : "is not valid YAML: " + problem;
  }

  private static String reasonOf(YAMLException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("aliases")) {
      return "it repeats parts by aliases (*name), which are not allowed here: write them out";
    }
    if (message.contains("Nesting Depth")) {
      return "it is nested more than " + MOST_DEPTH + " levels deep";
    }
    return message.lines().findFirst().orElse("it is damaged").strip();
  }

  private static ProtocolException unreadable(String file, String reason) {
    return new ProtocolException(List.of(new Problem(file, 0, "", reason)));
  }
}
