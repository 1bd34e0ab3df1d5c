package dev.weft.standalone.launch;

import java.net.URI;
import java.util.List;

/** Starts each service of a deployment; each call blocks until the service listens. */
interface Services {
    RunningService catalog();

    /** Starts the worker; blocks until the model is loaded. */
    RunningService worker(URI catalog);

    RunningService gateway(List<URI> workers, URI catalog);
}
