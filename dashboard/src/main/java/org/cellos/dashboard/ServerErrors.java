package org.cellos.dashboard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cellos.json.Json;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What the server says itself, of requests that reach nobody: in the same form as everything. */
final class ServerErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    SecurityHeaders.headers().forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    String text =
        Json.write(
            Problem.of(
                status,
                status < 500 ? "bad_request" : "unavailable",
                status == 404
                    ? "There is nothing at this address."
                    : "This request cannot be read."));
    response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
    return true;
  }
}
