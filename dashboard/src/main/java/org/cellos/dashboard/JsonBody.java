package org.cellos.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.List;
import java.util.stream.Collectors;
import org.cellos.json.Json;
import org.cellos.protocol.NearestName;

/** Reads the bodies of requests, and takes nothing for what it is not. */
final class JsonBody {
  private static final ObjectMapper STRICT = strict();

  private JsonBody() {}

  private static ObjectMapper strict() {
    ObjectMapper mapper =
        Json.mapper()
            .copy()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    refuse(
        mapper,
        LogicalType.Textual,
        CoercionInputShape.Integer,
        CoercionInputShape.Float,
        CoercionInputShape.Boolean);
    for (LogicalType type : List.of(LogicalType.Integer, LogicalType.Float, LogicalType.Boolean)) {
      refuse(mapper, type, CoercionInputShape.String, CoercionInputShape.EmptyString);
    }
    refuse(mapper, LogicalType.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float);
    return mapper;
  }

  private static void refuse(ObjectMapper mapper, LogicalType type, CoercionInputShape... shapes) {
    for (CoercionInputShape shape : shapes) {
      mapper.coercionConfigFor(type).setCoercion(shape, CoercionAction.Fail);
    }
  }

  /**
   * @throws RequestException naming the field that is wrong
   */
  static <T> T read(String body, Class<T> type) {
    try {
      T read = STRICT.readValue(body, type);
      if (read == null) {
        throw RequestException.badRequest(null, "The body must be a JSON object, not null.");
      }
      return read;
    } catch (UnrecognizedPropertyException e) {
      String name = e.getPropertyName();
      throw RequestException.badRequest(
          name,
          "There is no field '"
              + name
              + "'"
              + NearestName.of(
                      name,
                      e.getKnownPropertyIds().stream()
                          .map(String::valueOf)
                          .collect(Collectors.toSet()))
                  .map(near -> ". Did you mean '" + near + "'?")
                  .orElse("."));
    } catch (JsonMappingException e) {
      String field =
          e.getPath().stream()
              .map(part -> part.getFieldName() == null ? "" + part.getIndex() : part.getFieldName())
              .collect(Collectors.joining("."));
      throw RequestException.badRequest(
          field.isEmpty() ? null : field,
          field.isEmpty()
              ? "The body must be a JSON object."
              : "'" + field + "' has a value that does not fit.");
    } catch (JsonProcessingException e) {
      throw RequestException.badRequest(null, "The body is no JSON: " + e.getOriginalMessage());
    }
  }
}
