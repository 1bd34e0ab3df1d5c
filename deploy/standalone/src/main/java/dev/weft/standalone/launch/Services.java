package dev.weft.standalone.launch;

import java.net.URI;
import java.util.List;

/** How each service of a deployment is started; each call blocks until it listens. */
interface Services {
    RunningService catalog();

    /** Blocks until the model is loaded. */
    RunningService worker(URI catalog);

    RunningService gateway(List<URI> workers, URI catalog);
}
