"""MLServer with a Paddle model. usage: mlserver_main.py FOLDER, with its settings.json and model-settings.json"""
import sys

from paddle_model import end_with_parent

from mlserver.cli.main import main

if __name__ == "__main__":
    end_with_parent()
    sys.argv = ["mlserver", "start", sys.argv[1]]
    main()
