package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Server-sent events: {@code changed} whenever something in the history has. */
@Singleton
@Path("/api/events")
public final class EventsResource {
  private final ChangeWatch changes;
  private final Set<SseEventSink> open = ConcurrentHashMap.newKeySet();

  EventsResource(ChangeWatch changes) {
    this.changes = changes;
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public void events(@Context SseEventSink sink, @Context Sse sse) {
    // At once: whoever comes late, or again after a pause, looks at once.
    sink.send(sse.newEvent("changed", "0"));
    open.add(sink);
    changes.add(
        new ChangeWatch.Listener() {
          @Override
          public void changed(long version) {
            if (sink.isClosed()) {
              changes.remove(this);
              open.remove(sink);
              return;
            }
            sink.send(sse.newEvent("changed", Long.toString(version)))
                .whenComplete(
                    (sent, failure) -> {
                      if (failure != null) {
                        changes.remove(this);
                        open.remove(sink);
                        sink.close();
                      }
                    });
          }
        });
  }

  /** Before the server stops: it would wait for streams, which never end by themselves. */
  void closeAll() {
    open.forEach(SseEventSink::close);
    open.clear();
  }
}
