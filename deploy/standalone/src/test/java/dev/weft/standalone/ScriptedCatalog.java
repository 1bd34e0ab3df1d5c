package dev.weft.standalone;

import dev.weft.standalone.FakeHttp.Answer;
import dev.weft.standalone.FakeHttp.Request;
import java.net.URI;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** The admin API with one version of each name, whose states come from a script. */
public final class ScriptedCatalog implements AutoCloseable {
    private static final String NAMES = "/admin/v1/adapters";

    private final Map<String, Deque<String>> scripts = new ConcurrentHashMap<>();
    private final Map<String, String> known = new ConcurrentHashMap<>();
    private final Set<String> registered = ConcurrentHashMap.newKeySet();
    private final FakeHttp http = new FakeHttp(this::answer);

    /** Adds a known name. */
    public void knows(String name, String version) {
        known.put(name, version);
    }

    /** Sets the states of a name after its registration, one for each request. */
    public void script(String name, String... versions) {
        scripts.put(name, new ConcurrentLinkedDeque<>(List.of(versions)));
    }

    /** A version as the admin API shows it. */
    public static String version(String state, String source, String repo) {
        return """
        {"state":"%s","digest":null,"reasons":[],"rank":8,"modules":["q_proj"],
         "source":"%s","repo":"%s","revision":null}\
        """
                .formatted(state, source, repo);
    }

    private Answer answer(Request request) {
        if (request.line().equals("POST " + NAMES)) {
            String name = request.body().replaceAll(".*\"name\":\"([^\"]*)\".*", "$1");
            registered.add(name);
            known.putIfAbsent(name, "");
            return Answer.json(202, "{}");
        }
        String name = request.line().substring(("GET " + NAMES + "/").length());
        String version = known.get(name);
        if (version == null) {
            return Answer.json(404, "{\"detail\":\"unknown\"}");
        }
        Deque<String> script = scripts.get(name);
        if (script != null && registered.contains(name)) {
            known.put(name, script.size() > 1 ? script.removeFirst() : script.getFirst());
        }
        return Answer.json(
                200, "{\"name\":\"%s\",\"versions\":[%s]}".formatted(name, known.get(name)));
    }

    /** The bodies of registrations. */
    public List<String> registrations() {
        return http.requests().stream()
                .filter(request -> request.line().startsWith("POST"))
                .map(Request::body)
                .toList();
    }

    public URI address() {
        return http.address();
    }

    @Override
    public void close() {
        http.close();
    }
}
