package dev.weft.inference.server.http.body;

import java.util.function.Supplier;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * An answer in one piece that is made while its response is written, so that the memory it takes is
 * given back when the client has the answer or has left, and not before. A failure until the first
 * byte is an ordinary error answer.
 */
public interface HeldAnswer {
    /**
     * Makes the answer and sends it.
     *
     * @param memory is given back when the answer's end comes
     */
    Mono<Void> write(RequestMemory memory, ServerHttpResponse response);

    /**
     * A response with a JSON document.
     *
     * @param memory takes nothing yet; asked for when the response is written
     */
    static Mono<ServerResponse> json(Supplier<RequestMemory> memory, HeldAnswer answer) {
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body((response, _) ->
                        Mono.using(
                                memory::get,
                                held -> answer.write(held, response),
                                RequestMemory::close));
    }
}
