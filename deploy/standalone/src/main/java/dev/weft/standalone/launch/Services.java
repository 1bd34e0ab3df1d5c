package dev.weft.standalone.launch;

import java.net.URI;
import java.util.List;

/** Starts each service of a deployment; each call blocks until the service listens. */
interface Services {
    RunningService catalog();

    /** How many workers there are, one for each base. */
    int workers();

    /**
     * Starts a worker; blocks until the model is loaded.
     *
     * @param number from 0
     */
    RunningService worker(int number, URI catalog);

    RunningService gateway(List<URI> workers, URI catalog);
}
