package org.cellos.handler;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.cellos.domain.ParameterException;

/** The jars of a folder, with handlers of one's own; each has a class loader of its own. */
public final class HandlerFolder {
  private HandlerFolder() {}

  /**
   * Registers what the jars bring, in the order of their names.
   *
   * @param folder which need not exist: then there are none
   * @throws ParameterException in one sentence, if a jar brings nothing or cannot be used
   */
  public static void register(Path folder, HandlerRegistry registry) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> jars;
    try (Stream<Path> files = Files.list(folder)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new ParameterException("the folder " + folder + " cannot be read: " + e, e);
    }
    jars.forEach(jar -> registerJar(jar, registry));
  }

  private static void registerJar(Path jar, HandlerRegistry registry) {
    try (ZipFile whole = new ZipFile(jar.toFile())) {
      // A damaged one would only seem to have nothing in it.
      whole.size();
      URL url = jar.toUri().toURL();
      // Stays open: its handlers load their classes when they are needed.
      ClassLoader loader =
          new URLClassLoader(new URL[] {url}, HandlerProvider.class.getClassLoader());
      List<ServiceLoader.Provider<HandlerProvider>> providers =
          ServiceLoader.load(HandlerProvider.class, loader).stream()
              .filter(provider -> provider.type().getClassLoader() == loader)
              .toList();
      if (providers.isEmpty()) {
        throw new ParameterException(
            "the jar "
                + jar
                + " names no org.cellos.handler.HandlerProvider in META-INF/services: name it there,"
                + " or take the jar away");
      }
      providers.forEach(provider -> provider.get().registerHandlers(registry));
    } catch (IOException | ServiceConfigurationError | LinkageError e) {
      throw new ParameterException(
          "the jar " + jar + " cannot be used: " + e.getMessage() + ": mend it, or take it away",
          e);
    }
  }
}
