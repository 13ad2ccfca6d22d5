package org.cellos.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ParameterException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlerFolderTest {
  private static final String SERVICE = "META-INF/services/org.cellos.handler.HandlerProvider";
  private static final String SOURCE =
      """
      package shaker;

      public final class Shaker implements org.cellos.handler.HandlerProvider {
        public void registerHandlers(org.cellos.handler.HandlerRegistry registry) {
          registry.register("shake", org.cellos.domain.EffectClass.IDEMPOTENT,
              (org.cellos.handler.StepHandler) step -> java.util.Map.of("rpm", 300));
        }
      }
      """;

  @TempDir private Path folder;
  private final HandlerRegistry registry = new HandlerRegistry();

  @Test
  void aJarInTheFolderBringsItsHandlers() throws Exception {
    write("shaker.jar", "shaker.Shaker");
    Files.writeString(folder.resolve("readme.txt"), "not a jar");

    HandlerFolder.register(folder, registry);

    assertThat(registry.findReal("shake").orElseThrow().effectClass())
        .isEqualTo(EffectClass.IDEMPOTENT);
  }

  @Test
  void withoutAFolderThereIsNothing() {
    HandlerFolder.register(folder.resolve("none"), registry);

    assertThat(registry.findReal("shake")).isEmpty();
  }

  @Test
  void aJarThatBringsNothingIsRefused() throws Exception {
    write("empty.jar", "");

    assertThatThrownBy(() -> HandlerFolder.register(folder, registry))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("empty.jar names no org.cellos.handler.HandlerProvider");
  }

  @Test
  void aJarThatNamesAnotherClassIsRefused() throws Exception {
    write("wrong.jar", "shaker.Stirrer");

    assertThatThrownBy(() -> HandlerFolder.register(folder, registry))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("wrong.jar cannot be used")
        .hasMessageContaining("shaker.Stirrer");
  }

  @Test
  void aDamagedJarIsRefused() throws Exception {
    Files.writeString(folder.resolve("damaged.jar"), "PK?");

    assertThatThrownBy(() -> HandlerFolder.register(folder, registry))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("damaged.jar cannot be used");
  }

  /**
   * @param provider which the jar names; empty for none
   */
  private void write(String name, String provider) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources/shaker"));
    Path source = Files.writeString(sources.resolve("Shaker.java"), SOURCE);
    String classes = folder.resolve("classes").toString();
    int exitCode =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                Path.of("target/classes").toString(),
                "-proc:none",
                "-d",
                classes,
                source.toString());
    assertThat(exitCode).isZero();
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      jar.putNextEntry(new JarEntry("shaker/Shaker.class"));
      jar.write(Files.readAllBytes(folder.resolve("classes/shaker/Shaker.class")));
      if (!provider.isEmpty()) {
        jar.putNextEntry(new JarEntry(SERVICE));
        jar.write(provider.getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
