"""An app with Flask and Authlib."""

import json
import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

settings = json.loads(os.environ["APP"])
app = Flask(__name__)
app.secret_key = settings["secret"]
app.config["SESSION_COOKIE_NAME"] = "flask"
oauth = OAuth(app)
oauth.register(
    "guestkey",
    client_id=settings["id"],
    client_secret=settings["secret"],
    server_metadata_url=settings["issuer"] + "/.well-known/openid-configuration",
    # Authlib does not encode the secret for a Basic header (RFC 6749, 2.3.1), so it sends it in the body.
    client_kwargs={
        "scope": "openid",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "client_secret_post",
    },
)


@app.get("/")
def home():
    page = '<a id="sign-in" href="/login">Sign in</a>'
    if "user" in session:
        page += '<p id="who">' + json.dumps(session["user"]) + "</p>"
    return page


@app.get("/login")
def login():
    return oauth.guestkey.authorize_redirect(settings["origin"] + "/callback")


@app.get("/callback")
def callback():
    token = oauth.guestkey.authorize_access_token()
    session["user"] = dict(token["userinfo"])
    return redirect("/")


app.run("localhost", settings["port"])
